"""The readers of the comparison, on small samples of what each tool writes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from harness.model import JSON
from tests.bench import comparison
from tests.bench.comparison import Answers, Comparison
from tests.reports import secure
from tests.reports.rows import result

YES, NO = frozenset({"yes"}), frozenset({"no"})


def _words(found: Answers, key: str) -> set[str]:
    return set(found[key] or ())


def test_ours_comes_from_the_surface_and_the_scenarios(tmp_path: Path) -> None:
    plain = secure.secure(tmp_path / "run")
    rows: JSON = [result("TLS-024", "FAIL"), result("TLS-015", "PASS")]
    found = comparison.of_ours(replace(plain, document={**plain.document, "results": rows}))
    assert _words(found, "versions") == {"TLS 1.2", "TLS 1.3"}
    assert len(found["suites"] or ()) == 7
    assert _words(found, "curves") == {"x25519", "secp256r1", "secp256k1", "sect163k1"}
    assert _words(found, "order") == {"server"}
    assert (found["sha1"], found["compression"]) == (YES, NO)
    assert "fallback" not in found


def test_sslyze_is_read() -> None:
    suite: JSON = {
        "cipher_suite": {"name": "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256"},
        "ephemeral_key": {"type_name": "DH", "size": 768},
    }
    results: JSON = {
        "tls_1_2_cipher_suites": {"result": {"accepted_cipher_suites": [suite]}},
        "tls_1_3_cipher_suites": {"result": {"accepted_cipher_suites": []}},
        "elliptic_curves": {
            "result": {"supported_curves": [{"name": "X25519"}, {"name": "prime256v1"}]}
        },
        "tls_fallback_scsv": {"result": {"supports_fallback_scsv": True}},
        "tls_compression": {"result": None},
    }
    scan: JSON = {
        "scan_result": results,
        "connectivity_result": {"client_auth_requirement": "DISABLED"},
    }
    found = comparison.of_sslyze({"server_scan_results": [scan]})
    assert _words(found, "versions") == {"TLS 1.2"}
    assert _words(found, "field") == {"768"}
    assert _words(found, "curves") == {"x25519", "secp256r1"}
    assert (found["fallback"], found["compression"]) == (YES, None)
    assert found["client-certificate"] == NO


def test_testssl_is_read() -> None:
    told = {
        "SSLv3": "offered", "TLS1_2": "offered", "TLS1_3": "not offered",
        "cipher_xc02f": "xc02f  ECDHE-RSA-AES128-GCM-SHA256  TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        "PFS_ECDHE_curves": "prime256v1 X448", "DH_groups": "Unknown DH group (768 bits)",
        "fallback_SCSV": "no protocol below TLS 1.2 offered", "cipher_order": "server",
        "TLS_extensions": "'extended master secret/#23'",
        "heartbleed": "not vulnerable, no heartbeat extension",
    }  # fmt: skip
    found = comparison.of_testssl([{"id": key, "finding": value} for key, value in told.items()])
    assert _words(found, "versions") == {"SSL 3.0", "TLS 1.2"}
    assert _words(found, "suites") == {"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"}
    assert _words(found, "curves") == {"secp256r1", "x448"}
    assert (_words(found, "field"), found["master-secret"]) == ({"768"}, YES)
    assert (found["heartbeat"], found.get("fallback")) == (NO, None)


def test_what_nobody_else_asks_is_no_disagreement() -> None:
    assert Comparison("sha1", (YES, None, None)).agreed
    assert Comparison("sha1", (YES, None, YES)).agreed
    assert not Comparison("sha1", (YES, NO, None)).agreed


def test_long_answers_are_told_by_what_is_odd_in_them() -> None:
    common = {f"curve{at}" for at in range(5)}
    many = frozenset({*common, "secp192r1"})
    assert comparison.shown(many, [many, frozenset(common)]) == "6, among them secp192r1"
    assert comparison.shown(None) == "not asked"
    assert comparison.shown(frozenset()) == "none"
    assert comparison.shown(frozenset({"b", "a"})) == "a, b"
