"""Oracles on the ClientHello of a device that calls."""

from __future__ import annotations

import pytest

from harness.model import JSON, Observation, Record
from harness.oracles import (
    asks_for_sound_hashes,
    keeps_the_legacy_version,
    lists_uncompressed_points,
    never_falls_back,
    offers_common_groups,
    offers_extended_master_secret,
    offers_null_compression_only,
    prefers_a_strong_suite,
    signals_secure_renegotiation,
    tells_what_else_it_offers,
)
from tests.harness.fakes import a_record, seen
from tests.harness.oracles.table import ACCEPTED, LENIENT, PASS, UNSEEN, WARN, WRONG, Row, check

TLS10, TLS11, TLS12, TLS13 = 0x0301, 0x0302, 0x0303, 0x0304
EMS = 23


def saying(**changes: JSON) -> Observation:
    said: dict[str, JSON] = {
        "by": "device",
        "versions": [TLS13, TLS12],
        "client_version": TLS12,
        "suites": ["TLS_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"],
        "groups": ["x25519", "secp256r1"],
        "signature_schemes": ["ecdsa_secp256r1_sha256"],
        "compression": [0],
        "point_formats": [0],
        "extensions": [EMS],
        "server_name": None,
        "alpn": [],
        "secures_renegotiation": True,
    }
    return seen("hello", **(said | changes))


def hello(**changes: JSON) -> Record:
    return a_record(saying(**changes))


ONLY_13 = [TLS13]
ROWS = [
    Row(offers_null_compression_only(), hello(), PASS),
    Row(offers_null_compression_only(), hello(compression=[0, 1]), WRONG, "[0, 1]"),
    Row(offers_null_compression_only(), hello(compression=[1], versions=[TLS12]), WARN),
    Row(signals_secure_renegotiation(), hello(), PASS),
    Row(signals_secure_renegotiation(), hello(secures_renegotiation=False), WRONG),
    Row(
        signals_secure_renegotiation(),
        hello(secures_renegotiation=False, versions=ONLY_13), PASS, "TLS 1.3 only",
    ),
    Row(offers_extended_master_secret(), hello(), PASS),
    Row(offers_extended_master_secret(), hello(extensions=[0]), WRONG),
    Row(offers_extended_master_secret(), hello(extensions=[], versions=ONLY_13), PASS),
    Row(asks_for_sound_hashes(), hello(), PASS),
    Row(asks_for_sound_hashes(), hello(signature_schemes=[]), WRONG, "nothing"),
    Row(asks_for_sound_hashes(), hello(signature_schemes=["rsa_pkcs1_sha512"]), WRONG),
    Row(
        asks_for_sound_hashes(),
        hello(signature_schemes=["rsa_pkcs1_sha256", "rsa_pkcs1_md5"]), WRONG, "rsa_pkcs1_md5",
    ),
    Row(
        asks_for_sound_hashes(),
        hello(signature_schemes=["rsa_pkcs1_sha256", "rsa_pkcs1_sha1"]), WARN, "rsa_pkcs1_sha1",
    ),
    Row(lists_uncompressed_points(), hello(), PASS),
    Row(lists_uncompressed_points(), hello(point_formats=[]), PASS),
    Row(lists_uncompressed_points(), hello(point_formats=[0, 1, 2]), LENIENT),
    Row(lists_uncompressed_points(), hello(point_formats=[1]), WRONG),
    Row(offers_common_groups(), hello(), PASS),
    Row(offers_common_groups(), hello(groups=["secp256r1"]), WARN, "does not offer x25519"),
    Row(offers_common_groups(), hello(groups=[]), WARN, "but nothing"),
    Row(prefers_a_strong_suite(), hello(), PASS),
    Row(prefers_a_strong_suite(), hello(suites=["TLS_AES_128_GCM_SHA256"]), PASS, "1.3 only"),
    Row(prefers_a_strong_suite(), hello(suites=["TLS_RSA_WITH_AES_128_GCM_SHA256"]), WARN),
    Row(prefers_a_strong_suite(), hello(suites=["TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"]), WARN),
    Row(keeps_the_legacy_version(), hello(), PASS),
    Row(keeps_the_legacy_version(), hello(client_version=TLS13), WRONG, "0x0304"),
    Row(keeps_the_legacy_version(), hello(client_version=TLS11, versions=[TLS11]), PASS),
    Row(
        tells_what_else_it_offers(),
        hello(server_name="pacs", alpn=["dicom"], groups=["X25519MLKEM768"]),
        PASS, "server name: pacs; application protocols: dicom; post-quantum groups: X25519MLKEM",
    ),
    Row(tells_what_else_it_offers(), hello(), PASS, "post-quantum groups: none"),
    Row(never_falls_back(), a_record(), UNSEEN),
    Row(never_falls_back(), hello(), PASS, "did not try again"),
    Row(never_falls_back(), a_record(saying(), saying(versions=[TLS12])), PASS, "tried 2 times"),
    Row(never_falls_back(), a_record(saying(), saying(versions=[TLS11])), ACCEPTED, "call 2"),
    Row(never_falls_back(), hello(versions=[TLS11, TLS10]), ACCEPTED, "call 1"),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_it_says(row: Row) -> None:
    check(row)


@pytest.mark.parametrize("row", [row for row in ROWS if row.verdict == PASS], ids=str)
def test_without_a_hello_of_the_device_nothing_is_said(row: Row) -> None:
    ours = a_record(seen("hello", by="us", versions=[TLS12], client_version=TLS12))
    check(Row(row.oracle, a_record(), UNSEEN))
    check(Row(row.oracle, ours, UNSEEN))
