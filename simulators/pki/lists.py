"""Certificate revocation lists (RFC 5280 5), right or wrong.

Which serial numbers are revoked is fixed, so that a device can be given the lists before it
starts and before any revoked certificate exists.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from simulators.pki.authority import Authority
from simulators.pki.departments import department_key, department_subject
from simulators.pki.keys import PrivateKey, leaf_key

REVOKED_LEAF = 0x5265766F6B6564204C656166
REVOKED_DEPARTMENT = 0x5265766F6B656420446570
REVOKED_DEPARTMENT_NUMBER = 1
"""Which intermediate is revoked; the others are in good standing."""

MadeList: TypeAlias = Literal["current", "expired", "of another issuer", "badly signed"]
MADE_LISTS: tuple[MadeList, ...] = ("current", "expired", "of another issuer", "badly signed")

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)


def authority_list(
    kind: MadeList, authority: Authority, now: datetime
) -> x509.CertificateRevocationList:
    """A list that names the revoked leaf and the revoked intermediate.

    Args:
        kind: What is wrong with it, if anything.
        authority: Whose list it is, or pretends to be.
        now: The present, in UTC.
    """
    begin, end = now - _HOUR, now + 30 * _DAY
    if kind == "expired":
        begin, end = now - 30 * _DAY, now - _DAY
    name, key = authority.certificate.subject, authority.key
    if kind == "of another issuer":
        name = department_subject(0)
    if kind in ("of another issuer", "badly signed"):
        key = strange_key(key)
    return _signed(name, key, begin, end, (REVOKED_LEAF, REVOKED_DEPARTMENT))


def department_list(number: int, now: datetime) -> x509.CertificateRevocationList:
    """The list of an intermediate, which has revoked nothing."""
    subject, key = department_subject(number), department_key(number)
    return _signed(subject, key, now - _HOUR, now + 30 * _DAY, ())


def strange_key(like: PrivateKey) -> PrivateKey:
    """A key of the same kind that signs nothing which anybody trusts."""
    return leaf_key("rsa" if isinstance(like, RSAPrivateKey) else "ec")


def _signed(
    name: x509.Name, key: PrivateKey, begin: datetime, end: datetime, revoked: Sequence[int]
) -> x509.CertificateRevocationList:
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(name)
        .last_update(begin)
        .next_update(end)
        .add_extension(identifier, critical=False)
        .add_extension(x509.CRLNumber(1), critical=False)
    )
    for serial in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(begin)
        builder = builder.add_revoked_certificate(entry.build())
    return builder.sign(key, hashes.SHA256())
