"""What a device negotiates or offers: elimination, surfaces, facts of certificates."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes
from cryptography.x509.oid import NameOID

from harness.model import JSON
from simulators import tls
from simulators.handshakes.certificate_facts import certificate_facts
from simulators.handshakes.offered import requestor_surface
from simulators.handshakes.probe import Answer, UnansweredError, eliminate
from simulators.handshakes.surface import Findings, acceptor_surface, extension_name, scheme_name
from simulators.pki import Authority
from simulators.tls import HelloOffer, TlsVersion, client_hello, parse_client_hello


class TestElimination:
    def test_all_that_is_taken_in_the_order_of_the_device(self) -> None:
        taken = [7, 3, 5]
        found, why = eliminate(
            (1, 3, 5, 7, 9), lambda left: next((t for t in taken if t in left), None)
        )
        assert (found, why) == ([7, 3, 5], "")

    def test_it_ends_when_all_is_taken(self) -> None:
        assert eliminate((1, 2), lambda left: left[0]) == ([1, 2], "")

    def test_a_choice_that_was_not_offered_ends_it(self) -> None:
        found, why = eliminate((1, 2), lambda _: 9)
        assert found == []
        assert "0x0009, which was not offered" in why

    def test_a_question_that_could_not_be_put_is_no_refusal(self) -> None:
        def put(left: tuple[int, ...]) -> int:
            if len(left) < 2:
                raise UnansweredError("no connection")
            return left[0]

        assert eliminate((1, 2), put) == ([1], "no connection")


def hello_of(offer: HelloOffer) -> dict[str, JSON]:
    return requestor_surface(parse_client_hello(client_hello(offer)))


class TestOffers:
    def test_a_modern_hello(self) -> None:
        surface = hello_of(HelloOffer(alpn=("dicom",)))
        versions: Any = surface["versions"]
        assert versions["TLS 1.3"] == {"answer": "offered", "how": "supported_versions"}
        assert versions["TLS 1.1"] == {"answer": "not offered", "how": "supported_versions"}
        assert surface["chosen_version"] == "TLS 1.3"
        suites: Any = surface["suites"]
        assert [one["class"] for one in suites["TLS 1.3"]] == ["tls13"] * 3
        assert [one["order"] for one in suites["TLS 1.2"]] == [1, 2, 3, 4, 5, 6]
        assert surface["alpn"] == ["dicom"]
        groups: Any = surface["groups"]
        assert groups["TLS 1.2"] == ["x25519", "secp256r1", "secp384r1"]

    def test_a_hello_without_a_list_hides_what_lies_below(self) -> None:
        versions: Any = hello_of(HelloOffer(versions=(TlsVersion.TLS1_2,)))["versions"]
        answers = {name: told["answer"] for name, told in versions.items()}
        assert answers == {
            "TLS 1.3": "not offered", "TLS 1.2": "offered", "TLS 1.1": "unknown",
            "TLS 1.0": "unknown", "SSL 3.0": "unknown", "SSL 2.0": "not offered",
        }  # fmt: skip

    def test_the_signalling_suite_stands_for_the_extension(self) -> None:
        offer = HelloOffer(versions=(TlsVersion.SSL3,), suites=(0x000A,))
        surface = hello_of(offer)
        assert surface["extensions"] == {"SSL 3.0": ["renegotiation_info"]}
        suites: Any = surface["suites"]
        assert [one["name"] for one in suites["SSL 3.0"]] == ["TLS_RSA_WITH_3DES_EDE_CBC_SHA"]


class TestSurface:
    def test_what_was_not_asked_is_unknown(self) -> None:
        found = Findings(unsure={"version TLS 1.2": "no connection"})
        found.versions["TLS 1.3"] = Answer(tls.ServerFlight(), "closed")
        versions: Any = acceptor_surface(found, 2762)["versions"]
        assert versions["TLS 1.2"] == {"answer": "unknown", "how": "no connection"}
        assert versions["TLS 1.1"] == {"answer": "unknown", "how": "not asked"}
        assert versions["TLS 1.3"] == {"answer": "refused", "how": "closed"}

    def test_one_certificate_per_kind_of_key(self) -> None:
        authority = Authority.new("test authority")
        rsa, other = authority.issue().leaf_der, authority.issue().leaf_der
        surface = acceptor_surface(Findings(certificates=[rsa, other, b"no certificate"]), 1)
        assert surface["other_certificates"] == []
        assert surface["unsure"] == [{"what": "certificate", "why": "it could not be parsed"}]

    def test_names_of_what_nobody_knows(self) -> None:
        assert extension_name(0xFF01) == "renegotiation_info"
        assert extension_name(0xABCD) == "extension 43981"
        assert scheme_name(0x0804) == "rsa_pss_rsae_sha256"
        assert scheme_name(0xABCD) == "scheme 0xabcd"


def signed(key: CertificateIssuerPrivateKeyTypes, algorithm: hashes.SHA256 | None) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "x")])
    now = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).serial_number(1)
    builder = builder.public_key(key.public_key()).not_valid_before(now)
    made = builder.not_valid_after(now + datetime.timedelta(days=1)).sign(key, algorithm)
    return made.public_bytes(serialization.Encoding.DER)


@pytest.mark.parametrize(
    ("der", "kind", "bits", "digest"),
    [
        (signed(ec.generate_private_key(ec.SECP384R1()), hashes.SHA256()), "ec", 384, "sha256"),
        (signed(ed25519.Ed25519PrivateKey.generate(), None), "ec", 256, None),
        (signed(ed448.Ed448PrivateKey.generate(), None), "ec", 448, None),
        (signed(dsa.generate_private_key(1024), hashes.SHA256()), "dsa", 1024, "sha256"),
    ],
)
def test_facts_of_a_certificate(der: bytes, kind: str, bits: int, digest: str | None) -> None:
    facts = certificate_facts(der)
    assert facts is not None
    assert (facts["key"], facts["bits"], facts["hash"]) == (kind, bits, digest)


def test_no_certificate_has_no_facts() -> None:
    assert certificate_facts(b"") is None
    assert certificate_facts(b"\x30\x82\x00\x01") is None
