"""A device's TLS surface as it is told in the record: the form of :mod:`harness.tls_surface`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from harness.model import JSON, Role
from harness.tls_surface import UNKNOWN
from simulators import tls
from simulators.handshakes.certificate_facts import certificate_facts
from simulators.handshakes.probe import Answer
from simulators.tls.codes import GROUPS, SIGNATURE_SCHEMES, Extension, TlsVersion

SSL2 = "SSL 2.0"
ORDER = (
    TlsVersion.TLS1_3,
    TlsVersion.TLS1_2,
    TlsVersion.TLS1_1,
    TlsVersion.TLS1_0,
    TlsVersion.SSL3,
)
"""Versions that a scan asks for, the newest first."""


@dataclass(slots=True)
class Findings:
    """What is known so far; each key is written by one lane only."""

    versions: dict[str, Answer] = field(default_factory=dict)
    suites: dict[str, list[int]] = field(default_factory=dict)
    groups: dict[str, list[int]] = field(default_factory=dict)
    schemes: list[int] = field(default_factory=list)
    extensions: dict[str, list[str]] = field(default_factory=dict)
    flights: list[tls.ServerFlight] = field(default_factory=list)
    chosen_version: str | None = None
    preference: str = UNKNOWN
    certificates: list[bytes] = field(default_factory=list)
    certificate_requested: bool | None = None
    alpn: list[str] = field(default_factory=list)
    unsure: dict[str, str] = field(default_factory=dict)

    def spoken(self) -> list[TlsVersion]:
        """Versions that were accepted, the newest first."""
        answers = self.versions
        return [v for v in ORDER if v.label in answers and answers[v.label].accepted]


def acceptor_surface(found: Findings, port: int) -> dict[str, JSON]:
    """The surface of a device that listens on this port."""
    facts = [fact for der in found.certificates if (fact := certificate_facts(der)) is not None]
    kinds = {str(fact["key"]): fact for fact in reversed(facts)}
    distinct: list[JSON] = list(reversed(list(kinds.values())))
    primes = [f.dh_bits for f in found.flights if f.dh_bits is not None]
    asked = {True: "requested", False: "not requested", None: UNKNOWN}
    unsure: list[JSON] = [{"what": what, "why": why} for what, why in found.unsure.items()]
    if len(facts) < len(found.certificates):
        unsure.append({"what": "certificate", "why": "it could not be parsed"})
    return {
        "side": Role.ACCEPTOR.value,
        "port": port,
        "versions": _told_versions(found),
        "chosen_version": found.chosen_version,
        "suites": {name: told_suites(codes) for name, codes in found.suites.items()},
        "groups": {name: told_groups(codes) for name, codes in found.groups.items()},
        "dh_bits": min(primes, default=None),
        "signature_schemes": [scheme_name(one) for one in found.schemes],
        "certificate": distinct[0] if distinct else None,
        "other_certificates": distinct[1:],
        "preference": found.preference,
        "extensions": {name: list(names) for name, names in found.extensions.items()},
        "alpn": list(found.alpn),
        "tickets": any("session_ticket" in names for names in found.extensions.values()),
        "client_certificate": asked[found.certificate_requested],
        "unsure": unsure,
    }


def _told_versions(found: Findings) -> dict[str, JSON]:
    told: dict[str, JSON] = {}
    for label in (*(version.label for version in ORDER), SSL2):
        answer = found.versions.get(label)
        if answer is None:
            why = found.unsure.get(f"version {label}", "not asked")
            told[label] = {"answer": UNKNOWN, "how": why}
        else:
            word = "accepted" if answer.accepted else "refused"
            told[label] = {"answer": word, "how": answer.how}
    return told


def told_suites(codes: Iterable[int]) -> list[JSON]:
    """Suites in the form of a surface, in the order given."""
    listed: list[JSON] = []
    for order, code in enumerate(codes, 1):
        known = tls.suite(code)
        weakness = "unknown" if known is None else known.weakness
        listed.append(
            {"name": tls.suite_name(code), "code": code, "class": weakness, "order": order}
        )
    return listed


def told_groups(codes: Iterable[int]) -> list[JSON]:
    """Groups by name, in the order given."""
    return [GROUPS.get(code, f"group {code:#06x}") for code in codes]


def scheme_name(code: int) -> str:
    """Name of a signature scheme, total."""
    return SIGNATURE_SCHEMES.get(code, f"scheme {code:#06x}")


def extension_name(kind: int) -> str:
    """Name of an extension as policies call it, total."""
    try:
        return Extension(kind).name.lower()
    except ValueError:
        return f"extension {kind}"
