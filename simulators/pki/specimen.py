"""One certificate of the zoo: what is wrong with it, who must notice, and how it is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Literal, TypeAlias

from simulators.pki.authority import Authority
from simulators.pki.identity import Identity
from simulators.pki.revocation import Revocation
from simulators.pki.workshop import Workshop

Theme: TypeAlias = Literal[
    "trust",
    "dates",
    "names",
    "usages",
    "constraints",
    "chain",
    "revocation",
    "strength",
    "form",
    "identity",
]
Role: TypeAlias = Literal["client", "server"]
"""Shown as a client certificate (to a device that listens) or as a server certificate."""
Rule: TypeAlias = Literal["must", "should", "accept"]
"""Must be refused, should be refused, or is odd but valid and therefore to be accepted."""
Need: TypeAlias = Literal["", "crl", "cdp", "ocsp", "staple", "host-name", "tls12"]
"""What makes the specimen meaningful: the device was given our revocation lists, fetches lists,
asks OCSP responders, asks for stapled answers, compares the host name; or the specimen exists
below TLS 1.3 only."""
BOTH: frozenset[Role] = frozenset({"client", "server"})
CLIENT: frozenset[Role] = frozenset({"client"})
SERVER: frozenset[Role] = frozenset({"server"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Specimen:
    """A kind of certificate; nothing is generated before :meth:`make`.

    Attributes:
        name: Stable, and unique in the zoo.
        theme: What part of verification it is about.
        sentence: What it is, for a report.
        build: Makes it in a workshop.
        source: Clause that decides.
        requirements: Ids of the catalogue.
        shown_by: In which roles it is worth showing.
        rule: What a verifying device does with it.
        lie: The part of the leaf that deviates, as ``certificate_parts`` names it; empty if the
            deviation is an absence, or lies outside of the leaf.
        needs: What the device must do, or the handshake must be, for it to mean anything.
        verbatim: The leaf is not DER as OpenSSL would write it, so that only an engine that
            sends certificates as they are shows it (up to TLS 1.2).
    """

    name: str
    theme: Theme
    sentence: str
    build: Callable[[Workshop], Identity] = field(repr=False)
    source: str
    requirements: tuple[str, ...]
    shown_by: frozenset[Role] = BOTH
    rule: Rule = "must"
    lie: str = ""
    needs: Need = ""
    verbatim: bool = False

    def make(
        self,
        authority: Authority,
        services: Revocation | None = None,
        now: datetime | None = None,
    ) -> Identity:
        """Make it, a fresh one each time; keys are shared within the process.

        Args:
            authority: What the device trusts.
            services: Where its revocation is published; specimens with ``needs`` of ``crl``,
                ``cdp``, ``ocsp`` or ``staple`` cannot do without.
            now: The present, in UTC; by default it is.

        Raises:
            ValueError: The specimen needs ``services``.
        """
        bench = Workshop(authority=authority, services=services, now=now or datetime.now(UTC))
        made = self.build(bench)
        return replace(made, description=f"{self.name}: {self.sentence}", verbatim=self.verbatim)
