"""Limbo files of our own making: the form of x509-limbo, with certificates made here and now."""

from __future__ import annotations

import json
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

from simulators.pki import Authority, Identity
from simulators.pki.revocation import Revocation
from simulators.pki.zoo import specimen

VALID = "sample::chain-of-three"
EXPIRED = "sample::expired-yesterday"
KEYLESS = "sample::no-key"
LATER = "sample::meant-for-later"


def write(folder: Path, authority: Authority) -> Path:
    """A file with four cases."""
    services = Revocation(authority)
    valid = specimen("chain of three").make(authority, services)
    expired = specimen("expired yesterday").make(authority, services)
    later = (datetime.now(UTC) + timedelta(days=3)).isoformat()
    cases = [
        entry(VALID, authority, valid, "SUCCESS", features=["max-chain-depth"]),
        entry(EXPIRED, authority, expired, "FAILURE"),
        entry(KEYLESS, authority, expired, "FAILURE", peer_certificate_key=None),
        entry(LATER, authority, valid, "SUCCESS", validation_time=later),
    ]
    path = folder / "limbo.json"
    path.write_text(json.dumps({"version": 1, "testcases": cases}), encoding="utf-8")
    return path


def entry(
    name: str, authority: Authority, shown: Identity, result: str, **more: object
) -> dict[str, object]:
    """One case of the schema."""
    end = "-----END CERTIFICATE-----\n"
    certificates = [
        one + end for one in shown.certificate_pem.decode("ascii").split(end) if one.strip()
    ]
    return {
        "id": name,
        "description": "A sample\nin *Markdown*.",
        "validation_kind": "SERVER",
        "trusted_certs": [authority.certificate_pem.decode("ascii")],
        "untrusted_intermediates": certificates[1:],
        "peer_certificate": ssl.DER_cert_to_PEM_cert(shown.leaf_der),
        "peer_certificate_key": shown.key_pem.decode("ascii"),
        "signature_algorithms": [],
        "key_usage": [],
        "extended_key_usage": [],
        "expected_result": result,
        "expected_peer_name": {"kind": "DNS", "value": "localhost"},
        "expected_peer_names": [],
        "validation_time": None,
    } | more
