"""The writer of DER against a reader that is not ours, and signatures against the library."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from asn1crypto import core
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from simulators.pki import Authority, der, extensions
from simulators.pki.forge import Scheme, algorithm, sign
from simulators.pki.keys import fresh_key, leaf_key
from simulators.pki.workshop import Workshop


@pytest.fixture(scope="module")
def bench() -> Workshop:
    return Workshop(authority=Authority.new("Test authority"))


@pytest.mark.parametrize("value", [0, 1, 127, 128, 255, 256, -1, -128, -129, 1 << 64])
def test_integers_are_as_short_as_possible(value: int) -> None:
    assert der.integer(value) == core.Integer(value).dump()


@pytest.mark.parametrize("size", [0, 1, 127, 128, 255, 256, 65535, 65536])
def test_lengths_are_as_short_as_possible(size: int) -> None:
    assert der.octet_string(bytes(size)) == core.OctetString(bytes(size)).dump()


def test_a_padded_length_says_the_same() -> None:
    padded = der.tlv_padded(0x04, b"abc")
    assert core.OctetString.load(padded).native == b"abc"
    assert padded != der.octet_string(b"abc")


@pytest.mark.parametrize(("year", "tag"), [(1950, 0x17), (2049, 0x17), (2050, 0x18), (9999, 0x18)])
def test_times_have_the_form_of_their_year(year: int, tag: int) -> None:
    moment = datetime(year, 2, 28, 12, 30, 59, 999, tzinfo=UTC)
    encoded = der.time(moment)
    assert encoded[0] == tag
    assert core.load(encoded).native == moment.replace(microsecond=0)


def test_an_honest_blueprint_is_a_certificate(bench: Workshop) -> None:
    leaf = x509.load_der_x509_certificate(bench.leaf().signed())
    leaf.verify_directly_issued_by(bench.authority.certificate)
    assert leaf.version is x509.Version.v3
    assert leaf.not_valid_before_utc < bench.now < leaf.not_valid_after_utc
    assert [one.oid.dotted_string for one in leaf.extensions] == [
        one.oid for one in bench.leaf().extensions
    ]


def test_an_honest_intermediate_signs(bench: Workshop) -> None:
    department = bench.department()
    above = x509.load_der_x509_certificate(department.chain[0])
    above.verify_directly_issued_by(bench.authority.certificate)
    leaf = x509.load_der_x509_certificate(bench.leaf(department).signed())
    leaf.verify_directly_issued_by(above)


def test_extensions_are_replaced_where_they_stand(bench: Workshop) -> None:
    leaf = bench.leaf()
    changed = leaf.with_extension(extensions.names("other.example"), extensions.must_staple())
    before, after = ([one.oid for one in each.extensions] for each in (leaf, changed))
    assert after[:-1] == before
    assert x509.TLSFeature.oid.dotted_string == after[-1]
    assert len(leaf.without(x509.SubjectAlternativeName).extensions) == len(before) - 1


@pytest.mark.parametrize("scheme", ["sha256", "sha1", "md5", "pss", "unknown"])
def test_rsa_signatures_verify(scheme: Scheme, bench: Workshop) -> None:
    key = leaf_key("rsa")
    assert isinstance(key, RSAPrivateKey)
    leaf = x509.load_der_x509_certificate(bench.leaf(signer=key, scheme=scheme).signed())
    if scheme == "unknown":
        assert leaf.signature_algorithm_oid.dotted_string.startswith("2.25.")
        return
    digest = leaf.signature_hash_algorithm
    assert digest is not None
    stated = leaf.signature_algorithm_parameters
    filled = stated if isinstance(stated, padding.PSS) else padding.PKCS1v15()
    key.public_key().verify(leaf.signature, leaf.tbs_certificate_bytes, filled, digest)


@pytest.mark.parametrize("scheme", ["sha256", "sha1"])
def test_ecdsa_signatures_verify(scheme: Scheme, bench: Workshop) -> None:
    key = fresh_key("ec")
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    leaf = x509.load_der_x509_certificate(bench.leaf(signer=key, scheme=scheme).signed())
    digest = leaf.signature_hash_algorithm
    assert digest is not None
    key.public_key().verify(leaf.signature, leaf.tbs_certificate_bytes, ec.ECDSA(digest))


def test_what_an_ec_key_cannot_sign_is_an_error() -> None:
    with pytest.raises(ValueError, match="md5"):
        algorithm(fresh_key("ec"), "md5")
    with pytest.raises(ValueError, match="RSASSA-PSS"):
        sign(fresh_key("ec"), b"", "pss")
