"""Whose key signed: certificate chains, valid at the moment that matters.

The path is built and checked by the X.509 verifier of ``cryptography``. It was made for the web;
what it asks of web servers alone (names, key usages) is replaced by what a signer of evidence
needs: authorities that are authorities, and a key that may sign. Revocation is not looked up, and
whoever reports a result says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from cryptography import x509
from cryptography.x509.verification import (
    Criticality,
    ExtensionPolicy,
    Policy,
    PolicyBuilder,
    Store,
    VerificationError,
)

from harness.errors import SignatureError


def check_chain(
    chain: Sequence[x509.Certificate], roots: Sequence[x509.Certificate], at: datetime
) -> None:
    """Checks that a signer's certificate leads to a trusted root.

    Args:
        chain: The signer's certificate, then those of its authorities.
        roots: Whom we trust.
        at: When everything has to be valid, with its time zone.

    Raises:
        SignatureError: It does not; the text names the certificate that has expired, if one has.
    """
    if not chain:
        raise SignatureError("the bundle holds no certificate; check it with --key instead")
    for one in chain:
        _check_dates(one, at)
    authority = ExtensionPolicy.permit_all().require_present(
        x509.BasicConstraints, Criticality.AGNOSTIC, _is_authority
    )
    signer = ExtensionPolicy.permit_all().may_be_present(
        x509.KeyUsage, Criticality.AGNOSTIC, _may_sign
    )
    builder = PolicyBuilder().store(Store(list(roots))).time(at.astimezone(UTC))
    builder = builder.extension_policies(ca_policy=authority, ee_policy=signer)
    try:
        builder.build_client_verifier().verify(chain[0], list(chain[1:]))
    except VerificationError as error:
        raise SignatureError(
            f"certificate of {name_of(chain[0])}: does not lead to --root ({_short(error)})"
        ) from error


def name_of(certificate: x509.Certificate) -> str:
    """The subject, shortened; it is somebody else's text."""
    return certificate.subject.rfc4514_string()[:120]


def _check_dates(one: x509.Certificate, at: datetime) -> None:
    if at > one.not_valid_after_utc:
        raise SignatureError(
            f"certificate of {name_of(one)}: expired on {one.not_valid_after_utc:%Y-%m-%d}; "
            "a timestamp from before (--tsa-root) or --at TIME would let it stand"
        )
    if at < one.not_valid_before_utc:
        raise SignatureError(
            f"certificate of {name_of(one)}: not valid before {one.not_valid_before_utc:%Y-%m-%d}"
        )


def _is_authority(policy: Policy, one: x509.Certificate, found: x509.BasicConstraints) -> None:
    if not found.ca:
        raise ValueError("the certificate of an issuer is not that of an authority")


def _may_sign(policy: Policy, one: x509.Certificate, found: x509.KeyUsage | None) -> None:
    if found is not None and not (found.digital_signature or found.content_commitment):
        raise ValueError("its key usage does not allow to sign")


def _short(error: VerificationError) -> str:
    return " ".join(str(error).split())[:200]
