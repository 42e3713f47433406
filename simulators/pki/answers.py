"""OCSP answers (RFC 6960 4.2.1), right or wrong: for a responder, or to be stapled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from simulators.pki.authority import Authority
from simulators.pki.departments import DEPARTMENTS, department_subject
from simulators.pki.keys import PrivateKey, leaf_key
from simulators.pki.lists import strange_key

GARBAGE = b"\x30\x82\x00\x04this is no OCSP answer and no list"

MadeAnswer: TypeAlias = Literal[
    "good",
    "revoked",
    "unknown",
    "expired",
    "not yet valid",
    "by a stranger",
    "by no delegate",
    "by a delegate",
    "try later",
    "garbage",
    "slow",
]
MADE_ANSWERS: tuple[MadeAnswer, ...] = (
    "good",
    "revoked",
    "unknown",
    "expired",
    "not yet valid",
    "by a stranger",
    "by no delegate",
    "by a delegate",
    "try later",
    "garbage",
    "slow",
)

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
_STATUS: Mapping[str, ocsp.OCSPCertStatus] = {
    "revoked": ocsp.OCSPCertStatus.REVOKED,
    "unknown": ocsp.OCSPCertStatus.UNKNOWN,
}
_WITH_OWN_CERTIFICATE = ("by a delegate", "by no delegate", "by a stranger")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What an OCSP request asks for (RFC 6960 4.1.1).

    Attributes:
        serial: Serial number of the certificate.
        issuer_name_hash: Hash of its issuer's name.
        issuer_key_hash: Hash of its issuer's key.
        algorithm: The hash function of both.
        nonce: To be repeated in the answer; None: there was none.
    """

    serial: int
    issuer_name_hash: bytes
    issuer_key_hash: bytes
    algorithm: hashes.HashAlgorithm
    nonce: bytes | None = None

    @classmethod
    def read(cls, der: bytes) -> Question:
        """Read an OCSP request.

        Raises:
            ValueError: Not one.
        """
        asked = ocsp.load_der_ocsp_request(der)
        try:
            nonce = asked.extensions.get_extension_for_class(x509.OCSPNonce).value.nonce
        except x509.ExtensionNotFound:
            nonce = None
        return cls(
            serial=asked.serial_number,
            issuer_name_hash=asked.issuer_name_hash,
            issuer_key_hash=asked.issuer_key_hash,
            algorithm=asked.hash_algorithm,
            nonce=nonce,
        )

    @classmethod
    def about(cls, serial: int, issuer: x509.Certificate) -> Question:
        """What a client asks that has a certificate with this serial number and its issuer's."""
        digest = hashes.Hash(hashes.SHA1())
        digest.update(issuer.subject.public_bytes())
        return cls(
            serial=serial,
            issuer_name_hash=digest.finalize(),
            issuer_key_hash=x509.SubjectKeyIdentifier.from_public_key(issuer.public_key()).digest,
            algorithm=hashes.SHA1(),
        )


def answer(kind: MadeAnswer, question: Question, authority: Authority, now: datetime) -> bytes:
    """An OCSP response, DER.

    Args:
        kind: What it says, or what is wrong with it; ``slow`` says "good".
        question: What it is about.
        authority: Who signs it, or in whose name it is signed.
        now: The present, in UTC.
    """
    if kind == "garbage":
        return GARBAGE
    if kind == "try later":
        return _failed(ocsp.OCSPResponseStatus.TRY_LATER)
    begin, end = _times(kind, now)
    revoked = kind == "revoked"
    builder = ocsp.OCSPResponseBuilder().add_response_by_hash(
        issuer_name_hash=question.issuer_name_hash,
        issuer_key_hash=question.issuer_key_hash,
        serial_number=question.serial,
        algorithm=question.algorithm,
        cert_status=_STATUS.get(kind, ocsp.OCSPCertStatus.GOOD),
        this_update=begin,
        next_update=end,
        revocation_time=begin if revoked else None,
        revocation_reason=x509.ReasonFlags.key_compromise if revoked else None,
    )
    if question.nonce is not None:
        builder = builder.add_extension(x509.OCSPNonce(question.nonce), critical=False)
    by, key = authority.certificate, authority.key
    if kind in _WITH_OWN_CERTIFICATE:
        by, key = _delegate(kind, authority, now)
        builder = builder.certificates([by])
    builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, by)
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


def malformed() -> bytes:
    """The answer to what is no request."""
    return _failed(ocsp.OCSPResponseStatus.MALFORMED_REQUEST)


def _failed(status: ocsp.OCSPResponseStatus) -> bytes:
    return ocsp.OCSPResponseBuilder.build_unsuccessful(status).public_bytes(Encoding.DER)


def _times(kind: MadeAnswer, now: datetime) -> tuple[datetime, datetime]:
    if kind == "expired":
        return now - 30 * _DAY, now - _DAY
    if kind == "not yet valid":
        return now + _DAY, now + 30 * _DAY
    return now - _HOUR, now + _DAY


def _delegate(
    kind: MadeAnswer, authority: Authority, now: datetime
) -> tuple[x509.Certificate, PrivateKey]:
    """A responder with a certificate of its own: a true one, without the purpose, or alien."""
    key, signer = leaf_key("rsa"), authority.key
    made = (
        x509.CertificateBuilder()
        .subject_name(department_subject(len(DEPARTMENTS)))
        .issuer_name(authority.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _HOUR)
        .not_valid_after(now + 30 * _DAY)
        .add_extension(x509.OCSPNoCheck(), critical=False)
    )
    if kind == "by a stranger":
        signer = strange_key(signer)
    if kind != "by no delegate":
        purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING])
        made = made.add_extension(purpose, critical=False)
    return made.sign(signer, hashes.SHA256()), key
