"""Envelopes and keys: what is signed holds, what is not does not, and nothing leaks."""

from __future__ import annotations

import base64
import copy
import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import NameOID

from harness.errors import SignatureError
from harness.model import JSON
from harness.proof.hardware_keys import parse
from harness.proof.keys import keyid_of, load_public, valid
from harness.proof.signing import check, envelope, load_signer, opened, pre_authentication

TYPE = "application/vnd.in-toto+json"
_RSA = rsa.generate_private_key(65537, 2048)
_PRIVATE: dict[str, ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey] = {
    "ed25519": ed25519.Ed25519PrivateKey.generate(),
    "ecdsa-p256-sha256": ec.generate_private_key(ec.SECP256R1()),
    "ecdsa-p384-sha384": ec.generate_private_key(ec.SECP384R1()),
    "rsa-pss-2048-sha256": _RSA,
}


def pem(key: Any, password: bytes | None = None) -> bytes:
    kept = (
        serialization.BestAvailableEncryption(password)
        if password
        else serialization.NoEncryption()
    )
    raw: bytes = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, kept
    )
    return raw


def key_file(folder: Path, key: Any, password: bytes | None = None) -> Path:
    path = folder / "key.pem"
    path.write_bytes(pem(key, password))
    return path


def tampered(signed: Mapping[str, JSON], **changes: JSON) -> dict[str, JSON]:
    return {**copy.deepcopy(dict(signed)), **changes}


def test_the_encoding_that_is_signed_is_the_published_one() -> None:
    assert (
        pre_authentication("http://example.com/HelloWorld", b"hello world")
        == b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    )
    assert pre_authentication("é", b"").startswith(b"DSSEv1 2 ")


@pytest.mark.parametrize("scheme", _PRIVATE)
def test_what_a_key_signs_is_checked_by_its_public_half_alone(tmp_path: Path, scheme: str) -> None:
    signer = load_signer(str(key_file(tmp_path, _PRIVATE[scheme])))
    signed = envelope(TYPE, b"payload", [signer])
    assert signer.scheme == scheme
    assert check(signed, [signer.public], TYPE) == b"payload"
    other = ed25519.Ed25519PrivateKey.generate().public_key()
    with pytest.raises(SignatureError, match="no valid signature by a trusted key"):
        check(signed, [other])
    with pytest.raises(SignatureError, match="not 'text/plain'"):
        check(signed, [signer.public], "text/plain")


@pytest.mark.parametrize("scheme", _PRIVATE)
def test_no_change_of_payload_type_or_signature_passes(tmp_path: Path, scheme: str) -> None:
    signer = load_signer(str(key_file(tmp_path, _PRIVATE[scheme])))
    signed = envelope(TYPE, b"payload", [signer])
    _, _, (signature,) = opened(signed)
    flipped = bytes([signature[0] ^ 1]) + signature[1:]
    sig = base64.b64encode(flipped).decode()
    for broken in (
        tampered(signed, payload=base64.b64encode(b"paylOad").decode()),
        tampered(signed, payloadType=TYPE + "x"),
        tampered(signed, signatures=[{"keyid": signer.keyid, "sig": sig}]),
        tampered(signed, signatures=[]),
    ):
        with pytest.raises(SignatureError):
            check(broken, [signer.public])


def test_several_may_sign_and_one_trusted_one_is_enough(tmp_path: Path) -> None:
    signers = [load_signer(str(key_file(tmp_path, key))) for key in _PRIVATE.values()]
    signed = envelope(TYPE, b"x", signers)
    assert all(check(signed, [one.public]) == b"x" for one in signers)
    assert len({one.keyid for one in signers}) == len(signers)


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"payloadType": TYPE, "payload": "####", "signatures": []},
        {"payloadType": TYPE, "payload": "", "signatures": [{"sig": "x"}]},
        {"payloadType": TYPE, "payload": "", "signatures": [7]},
        {"payloadType": TYPE, "payload": "", "signatures": [{"sig": ""}] * 33},
    ],
)
def test_what_is_no_envelope_is_refused_in_one_line(broken: dict[str, JSON]) -> None:
    with pytest.raises(SignatureError, match=r"^not a DSSE envelope[^\n]*$"):
        check(broken, [])


def test_a_locked_key_wants_its_password_and_says_where_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = key_file(tmp_path, _PRIVATE["ed25519"], b"opensesame")
    monkeypatch.delenv("ASSAY_KEY_PASSWORD", raising=False)
    with pytest.raises(SignatureError, match="set ASSAY_KEY_PASSWORD"):
        load_signer(str(path))
    monkeypatch.setenv("ASSAY_KEY_PASSWORD", "wrong")
    with pytest.raises(SignatureError, match="the password is wrong"):
        load_signer(str(path))
    monkeypatch.setenv("ASSAY_KEY_PASSWORD", "opensesame")
    assert load_signer(str(path)).scheme == "ed25519"


def test_weak_and_foreign_keys_are_refused(tmp_path: Path) -> None:
    for key in (ec.generate_private_key(ec.SECP521R1()), ec.generate_private_key(ec.SECP256K1())):
        with pytest.raises(SignatureError, match="this kind of key is not used here"):
            load_signer(str(key_file(tmp_path, key)))


def test_a_file_that_is_no_key_is_refused_without_being_quoted(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("CANARY in a file that is no key")
    with pytest.raises(SignatureError) as caught:
        load_signer(str(path))
    assert "CANARY" not in str(caught.value)
    with pytest.raises(SignatureError, match="cannot read"):
        load_signer(str(tmp_path / "nowhere.pem"))
    path.write_bytes(b"x" * 300_000)
    with pytest.raises(SignatureError, match="too large"):
        load_signer(str(path))


def test_a_signer_shows_only_its_public_half(tmp_path: Path) -> None:
    key = _PRIVATE["ed25519"]
    assert isinstance(key, ed25519.Ed25519PrivateKey)
    signer = load_signer(str(key_file(tmp_path, key)))
    assert b"PRIVATE" not in signer.identity_pem
    seed = key.private_bytes_raw()
    assert seed.hex() not in repr(signer)
    assert seed not in repr(signer).encode()


def test_checking_asks_for_no_private_key(tmp_path: Path) -> None:
    with pytest.raises(SignatureError, match="only the public one"):
        load_public(key_file(tmp_path, _PRIVATE["ed25519"]))


def test_a_chain_belongs_to_its_key(tmp_path: Path) -> None:
    mine, other = _PRIVATE["ecdsa-p256-sha256"], _PRIVATE["ecdsa-p384-sha384"]
    chain = tmp_path / "chain.pem"
    chain.write_bytes(certificate(other))
    with pytest.raises(SignatureError, match="not for the key of --key"):
        load_signer(str(key_file(tmp_path, mine)), chain)
    signer = load_signer(str(key_file(tmp_path, other)), chain)
    assert keyid_of(load_public(chain)) == signer.keyid
    assert signer.identity_pem == chain.read_bytes()


def test_an_rsa_signature_of_the_older_padding_does_not_pass(tmp_path: Path) -> None:
    from cryptography.hazmat.primitives.asymmetric import padding

    old = _RSA.sign(b"x", padding.PKCS1v15(), hashes.SHA256())
    assert not valid(_RSA.public_key(), old, b"x")


@pytest.mark.parametrize(
    ("uri", "said"),
    [
        ("pkcs11:token=t?pin-value=1234", "pin-value would be seen"),
        ("pkcs11:token=t", "names no library"),
        ("pkcs11:colour=red?module-path=/x.so", "does not follow 'colour'"),
    ],
)
def test_a_token_uri_that_cannot_be_followed_says_so(
    uri: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PKCS11_MODULE_PATH", raising=False)
    with pytest.raises(SignatureError, match=said) as caught:
        parse(uri)
    assert "1234" not in str(caught.value)


def test_a_token_uri_is_read_as_it_was_percent_encoded() -> None:
    place = parse("pkcs11:token=my%20token;object=evidence;id=%01%ff?module-path=/usr/lib/x.so")
    assert (place.token, place.label, place.id) == ("my token", "evidence", b"\x01\xff")


def test_a_missing_token_library_is_one_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSAY_PIN", "0000")
    with pytest.raises(SignatureError, match=r"^--key pkcs11: /nowhere/token\.so: [^\n]+$"):
        load_signer("pkcs11:object=k?module-path=/nowhere/token.so")


def certificate(key: object) -> bytes:
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    now = dt.datetime.now(dt.UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "signer")])
    made = (
        x509.CertificateBuilder(name, name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + dt.timedelta(-1))
        .not_valid_after(now + dt.timedelta(1))
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM)
