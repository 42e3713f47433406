"""What can be shown by hand, wherever it comes from, and what a verifier should make of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from simulators.pki import Authority, Identity
from simulators.pki.revocation import Revocation
from simulators.pki.zoo import specimen, specimens


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A certificate, and what a verifier should do with it.

    Attributes:
        id: Its name where it comes from.
        description: What it is about.
        accepted: True when a verifier should accept it, False when it should refuse.
        by: Who it is for: "client" when a device that listens should judge it, "server" when one
            that calls should.
        names: The names under which it is expected.
        at: The moment at which it is meant to be verified; None: now.
        trusted: What the verifier should trust, PEM.
        identity: What is shown; None when the case has no private key.
        features: Abilities without which the expectation does not hold.
    """

    id: str
    description: str
    accepted: bool
    by: str
    names: tuple[str, ...] = ()
    at: datetime | None = None
    trusted: bytes = field(repr=False)
    identity: Identity | None
    features: tuple[str, ...] = ()

    def told(self) -> list[str]:
        """The case in lines for a reader."""
        lines = [
            f"case      {self.id}",
            f"about     {' '.join(self.description.split())}",
            f"expected  {'accepted' if self.accepted else 'refused'} as a {self.by} certificate",
        ]
        if self.names:
            lines.append(f"names     {', '.join(self.names)}")
        if self.features:
            lines.append(f"only for  verifiers with {', '.join(self.features)}")
        if self.at is not None and abs((self.at - datetime.now(UTC)).days) > 0:
            lines.append(f"meant for {self.at:%Y-%m-%d %H:%M} UTC: set the device's clock to it")
        return [_harmless(line) for line in lines]


def _harmless(text: str) -> str:
    """Without characters that a terminal would obey: a case may come from anywhere."""
    return "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in text)


def case_of(name: str, authority: Authority, services: Revocation) -> Case:
    """A specimen of the zoo as a case.

    Raises:
        KeyError: There is no such specimen; the message names those that come near.
    """
    kind = specimen(name)
    return Case(
        id=kind.name,
        description=f"{kind.sentence} ({kind.source})",
        accepted=kind.rule == "accept",
        by=" or ".join(sorted(kind.shown_by)),
        trusted=authority.certificate_pem,
        identity=kind.make(authority, services),
        features=(kind.needs,) if kind.needs else (),
    )


def all_specimens() -> list[tuple[str, str, str]]:
    """Rule, name and sentence of every specimen of the zoo."""
    return [(one.rule, one.name, one.sentence) for one in specimens()]
