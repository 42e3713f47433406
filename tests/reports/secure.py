"""A run of a device that speaks TLS: surfaces, profiles, and a matrix of certificates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from harness.model import JSON
from harness.run import Run
from tests.reports import builder, hostile
from tests.reports.rows import Row, case, result

_THEMES: Mapping[str, tuple[str, ...]] = {
    "dates": ("expired yesterday", "not yet valid", "inverted", "expired intermediate"),
    "usages": ("server usage only", "code signing only", "no digital signature", "leaf is a CA"),
    "constraints": ("leaf as issuer", "path too long", "name constraint", "unknown critical"),
    "chain": ("missing intermediate", "loop of two", "chain of twelve"),
    "strength": ("RSA 1024", "SHA-1", "MD5", "P-192", "RSA with e = 3"),
}
_ALERTS = {"dates": "certificate_expired", "usages": "unsupported_certificate"}
_ACCEPTED = frozenset({"RSA 1024", "SHA-1", "MD5", "RSA with e = 3"})


def secure(folder: Path) -> Run:
    """A believable device: TLS 1.2 and 1.3, an old group, weak certificates taken."""
    rows = [result("TLS-200", "WARN", title="What is accepted follows BCP 195"), *_certificates()]
    made = builder.build(folder, rows)
    return _with(made, [_acceptor(), _requestor()], _policies())


def hostile_secure(folder: Path) -> Run:
    """The same with every string an attack on the reader."""
    text = hostile.EVERYTHING
    cases: list[JSON] = [
        case("FAIL", vary={"flaw": text, "version": text}, outcome=text, reason=text),
        case("PASS", vary={"flaw": [text, 1]}, outcome="", reason=f"TLS alert {text}"),
    ]
    rows = [result("CRT-008", "FAIL", title=f"not believed {text}", reason=text, cases=cases)]
    entry: dict[str, JSON] = {"name": text, "code": text, "class": text, "order": text}
    surface: dict[str, JSON] = {
        "side": "acceptor",
        "versions": {text: {"answer": "accepted", "how": text}, "TLS 1.2": text},
        "suites": {text: [entry, text, 7, None]},
        "groups": {text: [entry, text]},
        "signature_schemes": [text, entry],
        "certificate": {text: text},
        "preference": text,
        "other_certificates": [{text: text}, text],
        "unsure": [{"what": text, "why": text}, text],
        text: {text: [text]},
    }
    finding: dict[str, JSON] = {
        "rule": text, "level": text, "verdict": "WARN", "reason": text, "source": text,
        "confidence": text,
    }  # fmt: skip
    policy: dict[str, JSON] = {
        "id": text, "title": text, "role": text, "status": text, "claimed": True,
        "verdict": text, "findings": [finding, {**finding, "verdict": "FAIL"}, text],
    }  # fmt: skip
    return _with(builder.build(folder, rows), [surface, {"side": text}], [policy, 5])


def _with(run: Run, surfaces: Sequence[Mapping[str, JSON]], policies: Sequence[JSON]) -> Run:
    """The run with what a scan observed, and with the verdicts on profiles."""
    seen = [builder.observation("surface", data) for data in surfaces]
    name = next(iter(run.plays))
    plays = {**run.plays, name: [*run.plays[name], *seen]}
    return replace(run, plays=plays, document={**run.document, "tls_policies": list(policies)})


def _certificates() -> list[Row]:
    rows: list[Row] = []
    for number, (theme, names) in enumerate(_THEMES.items(), 8):
        for role, first in (("acceptor", 0), ("requestor", 100)):
            cases: list[JSON] = [_case(theme, name) for name in names]
            failed = any(name in _ACCEPTED for name in names)
            rows.append(
                result(
                    f"CRT-{number + first:03}",
                    "FAIL" if failed else "PASS",
                    title=f"No certificate with a defect of its {theme} is accepted",
                    role=role,
                    cases=cases,
                    kind="accepted" if failed else "",
                )
            )
    missing = "A client without a certificate is refused"
    return [
        *rows,
        result("CRT-001", "PASS", title=missing, reason="TLS alert handshake_failure(40)"),
    ]


def _case(theme: str, name: str) -> dict[str, JSON]:
    if name in _ACCEPTED:
        return case("FAIL", vary={"flaw": name}, outcome="RESPONDED", reason="was not refused")
    alert = _ALERTS.get(theme, "unknown_ca")
    why = f"TLS alert {alert}(48), phase handshake"
    return case("PASS", vary={"flaw": name}, outcome="ALERT", reason=why)


def _acceptor() -> dict[str, JSON]:
    refused: JSON = {"answer": "refused", "how": "alert protocol_version"}
    accepted: JSON = {"answer": "accepted", "how": ""}
    old = ("SSL 2.0", "SSL 3.0", "TLS 1.0", "TLS 1.1")
    return {
        "side": "acceptor",
        "versions": {**dict.fromkeys(old, refused), "TLS 1.2": accepted, "TLS 1.3": accepted},
        "suites": {
            "TLS 1.2": [
                _suite("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", 0xC030, "aead-pfs", 1),
                _suite("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", 0xC02F, "aead-pfs", 2),
                _suite("TLS_DHE_RSA_WITH_AES_256_GCM_SHA384", 0x009F, "aead-pfs", 3),
                _suite("TLS_RSA_WITH_AES_128_CBC_SHA", 0x002F, "no-pfs", 4),
                _suite("TLS_RSA_WITH_NULL_SHA256", 0x003B, "null", 5),
            ],
            "TLS 1.3": [
                _suite("TLS_AES_256_GCM_SHA384", 0x1302, "tls13", 1),
                _suite("TLS_AES_128_GCM_SHA256", 0x1301, "tls13", 2),
            ],
        },
        "groups": {
            "TLS 1.2": ["x25519", "secp256r1", "secp256k1", "sect163k1", "ffdhe2048"],
            "TLS 1.3": ["X25519MLKEM768", "x25519", "secp256r1"],
        },
        "signature_schemes": ["rsa_pss_rsae_sha256", "rsa_pkcs1_sha1"],
        "certificate": {"key": "RSA", "bits": 2048, "hash": "sha256", "subject": "CN=device"},
        "preference": "server",
        "alpn": "ignored",
        "other_certificates": [{"key": "ec", "bits": 256, "hash": "sha256"}],
        "unsure": [{"what": "groups TLS 1.3", "why": "the device stopped answering"}],
    }


def _requestor() -> dict[str, JSON]:
    return {
        "side": "requestor",
        "versions": {"TLS 1.3": {"answer": "offered"}, "TLS 1.2": {"answer": "offered"}},
        "suites": {"TLS 1.3": [_suite("TLS_AES_128_GCM_SHA256", 0x1301, "tls13", 1)]},
        "groups": {"TLS 1.3": ["x25519", "secp256r1"]},
    }


def _suite(name: str, code: int, kind: str, order: int) -> JSON:
    return {"name": name, "code": code, "class": kind, "order": order}


def _policies() -> list[JSON]:
    floor: dict[str, JSON] = {
        "rule": "no suite without forward secrecy", "level": "SHALL", "verdict": "FAIL",
        "reason": "TLS_RSA_WITH_AES_128_CBC_SHA was negotiated", "source": "RFC 9325 4.1",
        "confidence": "read",
    }  # fmt: skip
    told: dict[str, JSON] = {
        **floor, "rule": "nothing but the listed suites", "verdict": "WARN",
        "source": "DCMTK's table", "confidence": "secondary",
    }  # fmt: skip
    kept: dict[str, JSON] = {**floor, "rule": "TLS 1.2 at least", "verdict": "PASS"}
    plain: dict[str, JSON] = {"role": "acceptor", "status": "live", "claimed": False}
    return [
        {**plain, "id": "PS3.15/B.1", "title": "Basic TLS", "status": "retired", "verdict": "FAIL",
         "findings": [floor, told, kept]},
        {**plain, "id": "PS3.15/B.12", "title": "BCP 195 TLS", "claimed": True, "verdict": "PASS",
         "findings": [kept]},
        {**plain, "id": "PS3.15/B.13", "title": "Modified BCP 195 TLS", "claimed": True,
         "verdict": "WARN", "findings": [told, kept]},
    ]  # fmt: skip
