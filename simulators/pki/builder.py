"""Turns a template into a signed certificate, for the flaws that an honest tool refuses to make."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from simulators.pki.keys import PrivateKey
from simulators.pki.template import KeyUsage, Template

PURPOSES: Mapping[str, x509.ObjectIdentifier] = {
    "server": ExtendedKeyUsageOID.SERVER_AUTH,
    "client": ExtendedKeyUsageOID.CLIENT_AUTH,
    "code": ExtendedKeyUsageOID.CODE_SIGNING,
    "email": ExtendedKeyUsageOID.EMAIL_PROTECTION,
    "ocsp": ExtendedKeyUsageOID.OCSP_SIGNING,
}
# A UUID-derived arc (ITU-T X.667), so that it collides with nobody's real extension.
UNKNOWN_EXTENSION = x509.ObjectIdentifier("2.25.173110226731541268304219537561846033517")
_ASN1_NULL = b"\x05\x00"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Who signs: the issuer name as it will stand in the certificate, and a key."""

    subject: x509.Name
    key: PrivateKey
    key_identifier: x509.SubjectKeyIdentifier | None


def signer_of(certificate: x509.Certificate, key: PrivateKey) -> Signer:
    """Let the holder of ``certificate`` sign."""
    try:
        identifier = certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    except x509.ExtensionNotFound:
        identifier = None
    return Signer(subject=certificate.subject, key=key, key_identifier=identifier)


def leaf_subject(template: Template) -> x509.Name:
    """The subject name of a leaf: an organisation, and a common name where one is wanted."""
    attributes = [x509.NameAttribute(NameOID.ORGANIZATION_NAME, "dicom-assay peer")]
    if template.common_name is not None:
        attributes.append(x509.NameAttribute(NameOID.COMMON_NAME, template.common_name))
    return x509.Name(attributes)


def build_leaf(template: Template, key: PrivateKey, signer: Signer) -> x509.Certificate:
    """Make the end-entity certificate that ``template`` describes.

    Raises:
        ValueError: The template asks for what the encoder cannot write (inverted dates).
    """
    builder = _builder(
        leaf_subject(template),
        key,
        signer,
        template.not_before,
        template.not_after,
        template.serial,
    )
    if template.names:
        names = [_general_name(name) for name in template.names]
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    if template.is_authority is not None:
        constraints = x509.BasicConstraints(ca=template.is_authority, path_length=None)
        builder = builder.add_extension(constraints, critical=True)
    if template.key_usage is not None:
        builder = builder.add_extension(key_usage(template.key_usage), critical=True)
    if template.eku is not None:
        purposes = x509.ExtendedKeyUsage([PURPOSES[purpose] for purpose in template.eku])
        builder = builder.add_extension(purposes, critical=True)
    if template.critical_unknown_extension:
        unknown = x509.UnrecognizedExtension(UNKNOWN_EXTENSION, _ASN1_NULL)
        builder = builder.add_extension(unknown, critical=True)
    certificate = builder.sign(signer.key, hashes.SHA256())
    return _tampered(certificate) if template.tampered_signature else certificate


def build_authority(
    subject: x509.Name,
    key: PrivateKey,
    signer: Signer,
    *,
    not_before: timedelta,
    not_after: timedelta,
    ca: bool = True,
    path_length: int | None = None,
    key_identifier: x509.SubjectKeyIdentifier | None = None,
) -> x509.Certificate:
    """Make an authority's certificate, a root when ``signer`` holds the same key."""
    builder = _builder(subject, key, signer, not_before, not_after, None, key_identifier)
    constraints = x509.BasicConstraints(ca=ca, path_length=path_length if ca else None)
    builder = builder.add_extension(constraints, critical=True)
    usage = key_usage(("digital_signature", "key_cert_sign", "crl_sign"))
    return builder.add_extension(usage, critical=True).sign(signer.key, hashes.SHA256())


def _builder(
    subject: x509.Name,
    key: PrivateKey,
    signer: Signer,
    not_before: timedelta,
    not_after: timedelta,
    serial: int | None,
    key_identifier: x509.SubjectKeyIdentifier | None = None,
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    own = key_identifier or x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(signer.subject)
        .public_key(key.public_key())
        .serial_number(serial or x509.random_serial_number())
        .not_valid_before(now + not_before)
        .not_valid_after(now + not_after)
        .add_extension(own, critical=False)
    )
    if signer.key_identifier is None:
        return builder
    authority = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(
        signer.key_identifier
    )
    return builder.add_extension(authority, critical=False)


def _general_name(name: str) -> x509.GeneralName:
    if name.startswith("dns:"):
        return x509.DNSName(name.removeprefix("dns:"))
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def key_usage(bits: tuple[KeyUsage, ...]) -> x509.KeyUsage:
    """The extension with exactly these bits."""
    return x509.KeyUsage(
        digital_signature="digital_signature" in bits,
        content_commitment="content_commitment" in bits,
        key_encipherment="key_encipherment" in bits,
        data_encipherment="data_encipherment" in bits,
        key_agreement="key_agreement" in bits,
        key_cert_sign="key_cert_sign" in bits,
        crl_sign="crl_sign" in bits,
        encipher_only=False,
        decipher_only=False,
    )


def _tampered(certificate: x509.Certificate) -> x509.Certificate:
    parsed = asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
    signature = bytearray(parsed["signature_value"].native)
    signature[-1] ^= 0x01
    parsed["signature_value"] = bytes(signature)
    return x509.load_der_x509_certificate(parsed.dump())
