"""What two devices agreed on between themselves, as far as the line shows it."""

from __future__ import annotations

from asn1crypto import x509

from harness.model import JSON
from harness.stage import Stage
from simulators import tls
from simulators.handshakes.trials import client, seek_service
from simulators.lab import lab_of
from simulators.relay.framing import Side
from simulators.relay.relay import Relay
from simulators.relay.transcript import Transcript
from simulators.tls.codes import GROUPS, ContentType, Extension
from simulators.tls.messages import Reader

_SENTINELS = (b"DOWNGRD\x01", b"DOWNGRD\x00")
_SEALED = "sealed"
"""What TLS 1.3 hides from the line."""


def observe_pair(stage: Stage, relay: Relay) -> None:
    """Records the security of the pair: one ``pair`` observation.

    The certificate of the acceptor, and whether it asks for one, stand in clear up to TLS 1.2. In
    TLS 1.3 a client of ours asks for them, just now.
    """
    seen = relay.seen
    stage.observe("pair", "relay", **agreed(seen), **_identity(stage, seen), **_ending(relay))


def agreed(seen: Transcript) -> dict[str, JSON]:
    """Version, suite, group and extensions of one connection, for people and oracles."""
    hello, flight = seen.hello, seen.flight
    suite = None if flight.suite is None else tls.suite(flight.suite)
    group = flight.key_exchange_group
    return {
        "version": str(flight.version) if flight.version else None,
        "suite": None if flight.suite is None else tls.suite_name(flight.suite),
        "suite_class": suite.weakness if suite else "",
        "group": None if group is None else GROUPS.get(group, f"group {group:#06x}"),
        "dh_bits": flight.dh_bits,
        "offered_versions": list(hello.version_names),
        "offered_groups": list(hello.group_names),
        "server_name": hello.server_name,
        "alpn_offered": list(hello.alpn),
        "alpn": _protocol(seen),
        "resumed": seen.resumed(),
        "retried": flight.hello_retry_request,
    }


def _protocol(seen: Transcript) -> str | None:
    server = seen.flight.server_hello
    if server is None or not seen.hello.alpn:
        return None
    if seen.version is tls.TlsVersion.TLS1_3:
        return _SEALED
    body = dict(server.extensions).get(Extension.ALPN, b"")
    return Reader(Reader(body).vector(2)).vector(1).decode("ascii", "backslashreplace") or None


def _identity(stage: Stage, seen: Transcript) -> dict[str, JSON]:
    """Who the acceptor is, and whether it asks who the requestor is."""
    flight = seen.flight
    if flight.certificate_der is not None:
        asks, leaf, by = flight.certificate_requested, flight.certificate_der, "the line"
    else:
        with client(stage, lab_of(stage).trust.client, actor="control") as peer:
            seek_service(peer)
            done = peer.handshake or tls.Handshake()
        asks, leaf, by = done.certificate_requested, done.peer_certificate_der or b"", "a client"
    return {"asks_for_certificate": asks, "certificate": _named(leaf), "certificate_by": by}


def _named(der: bytes) -> dict[str, JSON] | None:
    """The certificate in a few words; None for what is no certificate."""
    try:
        whole = x509.Certificate.load(der)
        key = whole.public_key
        return {
            "subject": whole.subject.human_friendly[:200],
            "issuer": whole.issuer.human_friendly[:200],
            "not_after": whole.not_valid_after.isoformat(),
            "key": f"{key.algorithm} {key.bit_size}",
            "signature": str(whole.signature_algo),
        }
    except (ValueError, TypeError, KeyError):
        return None


def _ending(relay: Relay) -> dict[str, JSON]:
    first = relay.order[0] if relay.order else None
    notify = {side: relay.seen.says_goodbye(side) for side in Side}
    return {
        "closed_first": first.value if first else None,
        "close_notify": [side.value for side in Side if notify[side]],
    }


def observe_downgrade(stage: Stage, relay: Relay) -> None:
    """Records whether the acceptor marked a lesser version, and whether the requestor went on.

    The mark is the last eight octets of the server's random (RFC 8446 4.1.3). Going on is any
    handshake message or change of cipher after the ServerHello; an alert is none.
    """
    server = relay.seen.flight.server_hello
    said = relay.seen.said
    answered = next((n for n, one in enumerate(said) if one.side is Side.ACCEPTOR), len(said))
    on = (ContentType.HANDSHAKE, ContentType.CHANGE_CIPHER_SPEC)
    later = [one for one in said[answered:] if one.side is Side.REQUESTOR]
    stage.observe(
        "downgrade",
        "relay",
        version=str(relay.seen.version) if server and relay.seen.version else None,
        sentinel=server is not None and server.random[-8:] in _SENTINELS,
        went_on=server is not None and any(one.type in on for one in later),
    )
