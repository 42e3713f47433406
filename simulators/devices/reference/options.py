"""What one device was told to be: limits, names, trust, flaws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from simulators.devices.reference.flaws import NO_FLAWS, Flaws

if TYPE_CHECKING:
    from simulators.devices.reference.access import Rules

MIB = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Hard bounds of the acceptor; nothing a peer declares can exceed them.

    Attributes:
        artim_s: ARTIM of PS3.8 9.1.5, seconds, counted from the TCP connection.
        idle_s: Longest silence in an association, and grace of an unfinished message, seconds.
        associations: Associations at one time.
        waiting: Connections without an association at one time; the oldest one is closed first.
        pdu: Advertised maximum P-DATA-TF length, bytes.
        associate: Longest A-ASSOCIATE PDU, bytes (PS3.8 gives none, so a receiver needs its own).
        message: Longest data set, bytes as sent.
        inflated: Longest data set after inflation, bytes.
        depth: Deepest nesting of sequences.
        per_ae: Associations of one calling AE title at one time; None for no such limit.
        results: Matches that one query returns; None for all.
        quota: Octets of stored files; None for what the disk holds.
        guesses: Wrong AE titles of one host in a minute before it is not heard; None for no limit,
            and then the reason of a refusal is told.
        least_query: Characters besides wildcards that some key of a query needs; None for any.
        window: Operations that a peer may have outstanding, where it asks for more than one.
    """

    artim_s: float = 30.0
    idle_s: float = 60.0
    associations: int = 8
    waiting: int = 64
    pdu: int = 16384
    associate: int = MIB
    message: int = 256 * MIB
    inflated: int = 64 * MIB
    depth: int = 200
    per_ae: int | None = None
    results: int | None = None
    quota: int | None = None
    guesses: int | None = None
    least_query: int | None = None
    window: int = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Paths of the PEM files of one TLS identity and of its trust.

    Attributes:
        revocations: Lists of revoked certificates; with it the device also asks OCSP responders.
    """

    key: Path
    certificate: Path
    authority: Path
    revocations: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditTarget:
    """Where audit messages go, and how: "udp", "tcp" or "tls"."""

    host: str
    port: int
    transport: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptorOptions:
    """Configuration of the acceptor.

    Attributes:
        callers: Calling AE title to the host it must come from, or None for any; empty admits all.
        destinations: AE title to (host, port) for C-MOVE.
        secure_destinations: Those of them that are called with TLS only.
        bindings: Calling AE title to the certificate (DER) that it must come with.
        web_tls: Its web services are reached by TLS, with the same credentials.
        rules: Who may do what; None for a device on which every caller may do everything.
        event_classes: SOP Classes of which it takes N-EVENT-REPORTs.
        rejectors: Calling AE titles whose rejection notes have an effect; with none, no note has.
        audit: Its audit repository; None for a device without an audit trail.
        hook: Program that is run for each stored object, or None.
        sync: Wait until the disk has an object, so that a power failure loses none either.
    """

    storage: Path
    host: str = "127.0.0.1"
    port: int = 0
    tls_port: int | None = None
    web_port: int | None = None
    web_tls: bool = False
    credentials: Credentials | None = None
    ae_title: str = "REFERENCE"
    callers: Mapping[str, str | None] = field(default_factory=dict[str, str | None])
    destinations: dict[str, tuple[str, int]] = field(default_factory=dict[str, tuple[str, int]])
    secure_destinations: frozenset[str] = frozenset()
    bindings: Mapping[str, bytes] = field(default_factory=dict[str, bytes])
    limits: Limits = Limits()
    rules: Rules | None = None
    event_classes: frozenset[bytes] = frozenset()
    rejectors: frozenset[str] = frozenset()
    hook: Path | None = None
    audit: AuditTarget | None = None
    sync: bool = False
    flaws: Flaws = NO_FLAWS


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestorOptions:
    """Configuration of one call by the requestor.

    Attributes:
        timeout_s: Limit for the connection, for each answer and for the release, seconds.
        pin: PEM certificate that the peer must show (twin FO-5).
        matches: Most matches that are taken of one query.
    """

    host: str
    port: int
    called: str = "ANY-SCP"
    calling: str = "REFERENCE"
    timeout_s: float = 2.0
    credentials: Credentials | None = None
    pin: Path | None = None
    max_pdu: int = 16384
    matches: int = 1000
    flaws: Flaws = NO_FLAWS
