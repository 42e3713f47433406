"""What three tools say about one TLS server, in the same words, so that they can be compared.

Ours is read from ``run.json`` and the surface in its record, the others from their own JSON. An
answer is a set of words; None means that the tool does not ask the question.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from harness.model import JSON
from harness.run import Run
from harness.tls_surface import KIND
from reports.rows import listed, mapped, mappings, text

Answer = frozenset[str] | None
Answers = Mapping[str, Answer]

QUESTIONS: Mapping[str, str] = {
    "versions": "Versions that are accepted",
    "suites": "Cipher suites, all versions together",
    "curves": "Curves, all versions together",
    "field": "Smallest finite field, in bits",
    "order": "Whose order of suites decides",
    "compression": "TLS compression",
    "renegotiation": "Secure renegotiation (RFC 5746)",
    "client-renegotiation": "Renegotiation by the client",
    "fallback": "Refuses TLS_FALLBACK_SCSV below its best version",
    "master-secret": "Extended master secret",
    "heartbeat": "Heartbeat extension",
    "sha1": "Signs its key exchange with SHA-1",
    "client-certificate": "Asks for a client's certificate",
}
_YES, _NO = frozenset({"yes"}), frozenset({"no"})
_VERSIONS = {"ssl_2_0": "SSL 2.0", "ssl_3_0": "SSL 3.0", "tls_1_0": "TLS 1.0"} | {
    "tls_1_1": "TLS 1.1", "tls_1_2": "TLS 1.2", "tls_1_3": "TLS 1.3",
}  # fmt: skip
_TESTSSL_VERSIONS = {"SSLv2": "SSL 2.0", "SSLv3": "SSL 3.0", "TLS1": "TLS 1.0"} | {
    "TLS1_1": "TLS 1.1", "TLS1_2": "TLS 1.2", "TLS1_3": "TLS 1.3",
}  # fmt: skip
_ORDERS = {"server": "server", "NOT a cipher order configured": "client"}
_CURVES = {"prime256v1": "secp256r1", "prime192v1": "secp192r1"}
_BY_SCENARIO: Mapping[str, tuple[str, bool]] = {
    "compression": ("TLS-015", False),
    "renegotiation": ("TLS-031", True),
    "client-renegotiation": ("TLS-011", False),
    "fallback": ("TLS-010", True),
    "master-secret": ("TLS-027", True),
    "heartbeat": ("TLS-016", False),
    "sha1": ("TLS-024", False),
}
"""The scenario that asks, and what a PASS says; a WARN or FAIL says the contrary."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One question with the answers of ours, sslyze and testssl.sh."""

    question: str
    answers: tuple[Answer, Answer, Answer]

    @property
    def agreed(self) -> bool:
        """All who ask say the same."""
        return len({answer for answer in self.answers if answer is not None}) <= 1


def compare(ours: Answers, sslyze: Answers, testssl: Answers) -> list[Comparison]:
    """All questions in their order."""
    return [
        Comparison(key, (ours.get(key), sslyze.get(key), testssl.get(key))) for key in QUESTIONS
    ]


def of_ours(run: Run) -> Answers:
    """From a run of our catalogue."""
    verdicts = {text(row, "id"): text(row, "verdict") for row in run.results}
    seen = [item.data for play in run.plays.values() for item in play if item.kind == KIND]
    surface = next((data for data in reversed(seen) if data.get("side") == "acceptor"), {})
    suites, groups = mapped(surface, "suites"), mapped(surface, "groups")
    found: dict[str, Answer] = {
        "versions": frozenset(
            name
            for name in mapped(surface, "versions")
            if text(mapped(mapped(surface, "versions"), name), "answer") == "accepted"
        ),
        "suites": frozenset(text(one, "name") for name in suites for one in mappings(suites, name)),
        "curves": frozenset(
            str(one) for name in groups for one in listed(groups, name) if _is_curve(str(one))
        ),
        "field": _one(text(surface, "dh_bits")),
        "order": _one(text(surface, "preference")),
        "client-certificate": _asked(text(surface, "client_certificate")),
    }
    for key, (scenario, holds) in _BY_SCENARIO.items():
        verdict = verdicts.get(scenario)
        if verdict in ("PASS", "WARN", "FAIL"):
            found[key] = _truth(holds if verdict == "PASS" else not holds)
    return found


def of_sslyze(document: JSON) -> Answers:
    """From ``--json_out``."""
    scan = next(iter(mappings(_mapping(document), "server_scan_results")), {})
    results = mapped(scan, "scan_result")

    def of(name: str) -> Mapping[str, JSON]:
        return mapped(mapped(results, name), "result")

    accepted = {
        label: list(mappings(of(f"{name}_cipher_suites"), "accepted_cipher_suites"))
        for name, label in _VERSIONS.items()
    }
    suites = [suite for held in accepted.values() for suite in held]
    keys = [mapped(suite, "ephemeral_key") for suite in suites]
    fields = [text(key, "size") for key in keys if text(key, "type_name") == "DH"]
    renegotiation, required = of("session_renegotiation"), mapped(scan, "connectivity_result")
    return {
        "versions": frozenset(label for label, held in accepted.items() if held),
        "suites": frozenset(text(mapped(suite, "cipher_suite"), "name") for suite in suites),
        "curves": frozenset(
            _curve(text(one, "name")) for one in mappings(of("elliptic_curves"), "supported_curves")
        ),
        "field": _one(min(fields, key=int, default="")),
        "compression": _said(of("tls_compression"), "supports_compression"),
        "renegotiation": _said(renegotiation, "supports_secure_renegotiation"),
        "client-renegotiation": _said(renegotiation, "is_vulnerable_to_client_renegotiation_dos"),
        "fallback": _said(of("tls_fallback_scsv"), "supports_fallback_scsv"),
        "master-secret": _said(of("tls_extended_master_secret"), "supports_ems_extension"),
        "client-certificate": _asked(text(required, "client_auth_requirement").lower()),
    }


def of_testssl(document: JSON) -> Answers:
    """From ``--jsonfile``."""
    found = {text(one, "id"): text(one, "finding") for one in mappings({"all": document}, "all")}
    field = re.search(r"(\d+) bits", found.get("DH_groups", ""))
    told: dict[str, Answer] = {
        "versions": frozenset(
            label
            for name, label in _TESTSSL_VERSIONS.items()
            if re.match(r"offered|vulnerable", found.get(name, ""))
        ),
        "suites": frozenset(
            line.split()[-1] for name, line in found.items() if name.startswith("cipher_x")
        ),
        "curves": frozenset(_curve(name) for name in found.get("PFS_ECDHE_curves", "").split()),
        "field": _one(field[1] if field else ""),
        "order": _one(_ORDERS.get(found.get("cipher_order", ""), "")),
        "master-secret": _truth("/#23'" in found.get("TLS_extensions", "")),
        "heartbeat": _truth("no heartbeat" not in found.get("heartbleed", "no heartbeat")),
        "renegotiation": _truth(found.get("secure_renego", "").startswith("supported")),
        "compression": _verdict(found.get("CRIME_TLS", "")),
        "client-renegotiation": _verdict(found.get("secure_client_renego", "")),
    }
    if "supported" in found.get("fallback_SCSV", ""):
        told["fallback"] = _truth(found["fallback_SCSV"].startswith("supported"))
    return told


def _mapping(value: JSON) -> Mapping[str, JSON]:
    return value if isinstance(value, Mapping) else {}


def _is_curve(name: str) -> bool:
    return not name.startswith("ffdhe") and "MLKEM" not in name.upper()


def _curve(name: str) -> str:
    return _CURVES.get(name, name.lower() if name.startswith("X") else name)


def _one(word: str) -> Answer:
    return frozenset({word}) if word else None


def _truth(value: bool) -> Answer:
    return _YES if value else _NO


def _verdict(finding: str) -> Answer:
    """What testssl.sh says of a vulnerability; None where it could not test it."""
    if finding.lower().startswith("vulnerable"):
        return _YES
    return _NO if finding.startswith("not vulnerable") else None


def _said(result: Mapping[str, JSON], key: str) -> Answer:
    value = result.get(key)
    return _truth(value) if isinstance(value, bool) else None


def _asked(word: str) -> Answer:
    known = {"requested": _YES, "not requested": _NO, "required": _YES, "optional": _YES}
    return {**known, "disabled": _NO}.get(word)


def shown(answer: Answer, others: Iterable[Answer] = ()) -> str:
    """An answer as a few words; a long set by its size, and by what the others lack or add."""
    if answer is None:
        return "not asked"
    if len(answer) <= _FEW:
        return ", ".join(sorted(answer)) or "none"
    known = [other for other in others if other is not None]
    odd = sorted(answer - frozenset.intersection(*known)) if known else []
    more = f", among them {_some(odd)}" if odd else ""
    return f"{len(answer)}{more}"


def _some(names: list[str]) -> str:
    rest = len(names) - _FEW
    return ", ".join(names[:_FEW]) + (f" and {rest} more" if rest > 0 else "")


_FEW = 4
READERS: Mapping[str, Callable[[JSON], Answers]] = {"sslyze": of_sslyze, "testssl": of_testssl}
