"""Revocation by what a certificate itself names: an OCSP responder, or a list to be fetched."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID

_ANSWER_S = 2.0
_LONGEST = 1 << 20
_UNKNOWN = "nobody could tell whether the certificate was revoked"
_REVOKED = "the certificate was revoked"


def why_revoked_online(certificate_der: bytes, issuer_der: bytes) -> str:
    """Ask the sources that a certificate names; say why it must not be used, or nothing.

    Args:
        certificate_der: The certificate in question.
        issuer_der: Its verified issuer's.
    """
    try:
        certificate = x509.load_der_x509_certificate(certificate_der)
        issuer = x509.load_der_x509_certificate(issuer_der)
        answers = [_by_ocsp(certificate, issuer, url) for url in _responders(certificate)]
        answers += [_by_list(certificate, issuer, url) for url in _lists(certificate)]
    except (ValueError, OSError, http.client.HTTPException, UnsupportedAlgorithm):
        return _UNKNOWN
    return next((answer for answer in answers if answer), "")


def _responders(certificate: x509.Certificate) -> Iterator[str]:
    try:
        access = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess)
    except x509.ExtensionNotFound:
        return
    for one in access.value:
        if one.access_method == AuthorityInformationAccessOID.OCSP:
            yield str(one.access_location.value)


def _lists(certificate: x509.Certificate) -> Iterator[str]:
    try:
        points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints)
    except x509.ExtensionNotFound:
        return
    for point in points.value:
        yield from (str(name.value) for name in point.full_name or ())


def _by_ocsp(certificate: x509.Certificate, issuer: x509.Certificate, url: str) -> str:
    builder = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, hashes.SHA1())
    asked = builder.build().public_bytes(Encoding.DER)
    answer = ocsp.load_der_ocsp_response(_exchange(url, asked))
    if answer.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
        return _UNKNOWN
    about_it = answer.serial_number == certificate.serial_number
    if not about_it or not _current(answer.this_update_utc, answer.next_update_utc):
        return _UNKNOWN
    if not _signed_by(answer, _signer(answer, issuer)):
        return _UNKNOWN
    if answer.certificate_status is ocsp.OCSPCertStatus.REVOKED:
        return _REVOKED
    return "" if answer.certificate_status is ocsp.OCSPCertStatus.GOOD else _UNKNOWN


def _signer(answer: ocsp.OCSPResponse, issuer: x509.Certificate) -> x509.Certificate:
    """Return the issuer, or its delegate where one came along (RFC 6960 4.2.2.2)."""
    for delegate in answer.certificates:
        try:
            delegate.verify_directly_issued_by(issuer)
            purposes = delegate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        except (InvalidSignature, TypeError, ValueError, x509.ExtensionNotFound):
            continue
        if ExtendedKeyUsageOID.OCSP_SIGNING in purposes:
            return delegate
    return issuer


def _signed_by(answer: ocsp.OCSPResponse, signer: x509.Certificate) -> bool:
    key, digest = signer.public_key(), answer.signature_hash_algorithm
    if digest is None:
        return False
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(answer.signature, answer.tbs_response_bytes, padding.PKCS1v15(), digest)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(answer.signature, answer.tbs_response_bytes, ec.ECDSA(digest))
        else:
            return False
    except InvalidSignature:
        return False
    return True


def _by_list(certificate: x509.Certificate, issuer: x509.Certificate, url: str) -> str:
    found = x509.load_der_x509_crl(_exchange(url, None))
    key = issuer.public_key()
    if not isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
        return _UNKNOWN
    in_time = _current(found.last_update_utc, found.next_update_utc)
    if found.issuer != certificate.issuer or not in_time or not found.is_signature_valid(key):
        return _UNKNOWN
    entry = found.get_revoked_certificate_by_serial_number(certificate.serial_number)
    return _REVOKED if entry is not None else ""


def _current(begin: datetime, end: datetime | None) -> bool:
    return end is not None and begin <= datetime.now(UTC) <= end


def _exchange(url: str, asked: bytes | None) -> bytes:
    """Fetch what is at a URL, or post to it; at most a megabyte, and in bounded time."""
    parts = urlsplit(url)
    if parts.scheme != "http" or parts.hostname is None:
        raise ValueError(f"cannot ask {url}")
    line = http.client.HTTPConnection(parts.hostname, parts.port, timeout=_ANSWER_S)
    try:
        if asked is None:
            line.request("GET", parts.path or "/")
        else:
            kind = {"Content-Type": "application/ocsp-request"}
            line.request("POST", parts.path or "/", asked, kind)
        answer = line.getresponse()
        if answer.status != http.client.OK:
            raise ValueError(f"{url} answered {answer.status}")
        return answer.read(_LONGEST)
    finally:
        line.close()
