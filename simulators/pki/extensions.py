"""Extensions of a blueprint, honest or odd, each by one function."""

from __future__ import annotations

import hashlib
import ipaddress
from collections.abc import Iterable

from asn1crypto import keys as asn1_keys
from cryptography import x509
from cryptography.x509.oid import AuthorityInformationAccessOID

from simulators.pki import der
from simulators.pki.builder import PURPOSES, UNKNOWN_EXTENSION, key_usage
from simulators.pki.forge import Extension
from simulators.pki.template import ExtendedKeyUsage, KeyUsage

SUBJECT_ALTERNATIVE_NAME = "2.5.29.17"
ANY_PURPOSE = "2.5.29.37.0"
UNKNOWN = UNKNOWN_EXTENSION.dotted_string

_DNS_NAME, _URI, _IP_ADDRESS = 0x82, 0x86, 0x87


def key_identifier(public_key: bytes) -> bytes:
    """SHA-1 of the key's bits (RFC 5280 4.2.1.2, method 1).

    Args:
        public_key: SubjectPublicKeyInfo, DER.
    """
    info = asn1_keys.PublicKeyInfo.load(public_key)
    bits = info["public_key"].contents[1:]
    return hashlib.sha1(bits, usedforsecurity=False).digest()


def subject_key(identifier: bytes) -> Extension:
    """SubjectKeyIdentifier."""
    return Extension.of(x509.SubjectKeyIdentifier(identifier))


def authority_key(identifier: bytes) -> Extension:
    """AuthorityKeyIdentifier with the key's identifier only."""
    return Extension.of(x509.AuthorityKeyIdentifier(identifier, None, None))


def names(*given: str, critical: bool = False) -> Extension:
    """SubjectAltName: what reads as an address is an iPAddress, all else a dNSName, as it is."""
    return general_names(*(_general_name(name) for name in given), critical=critical)


def general_names(*encoded: bytes, critical: bool = False) -> Extension:
    """SubjectAltName of encoded names."""
    value = der.sequence(*encoded)
    return Extension(oid=SUBJECT_ALTERNATIVE_NAME, value=value, critical=critical)


def dns_name(octets: bytes) -> bytes:
    """A dNSName with exactly these octets."""
    return der.tlv(_DNS_NAME, octets)


def uri(text: str) -> bytes:
    """A uniformResourceIdentifier."""
    return der.tlv(_URI, text.encode("ascii"))


def ip_address(octets: bytes) -> bytes:
    """An iPAddress with exactly these octets."""
    return der.tlv(_IP_ADDRESS, octets)


def basic_constraints(*, ca: bool, path_length: int | None = None) -> Extension:
    """BasicConstraints, critical."""
    return Extension.of(x509.BasicConstraints(ca=ca, path_length=path_length), critical=True)


def usage(*bits: KeyUsage) -> Extension:
    """KeyUsage, critical."""
    return Extension.of(key_usage(bits), critical=True)


def purposes(*kinds: ExtendedKeyUsage, more: Iterable[str] = ()) -> Extension:
    """ExtendedKeyUsage; ``more`` are dotted identifiers beside the named purposes."""
    listed = [PURPOSES[kind] for kind in kinds]
    listed += [x509.ObjectIdentifier(dotted) for dotted in more]
    return Extension.of(x509.ExtendedKeyUsage(listed))


def unknown(*, critical: bool, octets: bytes = b"") -> Extension:
    """An extension that nobody knows, with an OCTET STRING of that content."""
    return Extension(oid=UNKNOWN, value=der.octet_string(octets), critical=critical)


def must_staple() -> Extension:
    """TLSFeature with status_request (RFC 7633)."""
    return Extension.of(x509.TLSFeature([x509.TLSFeatureType.status_request]))


def answered_at(url: str) -> Extension:
    """AuthorityInfoAccess that names an OCSP responder."""
    place = x509.UniformResourceIdentifier(url)
    access = x509.AccessDescription(AuthorityInformationAccessOID.OCSP, place)
    return Extension.of(x509.AuthorityInformationAccess([access]))


def listed_at(url: str) -> Extension:
    """CRLDistributionPoints with one place."""
    place = [x509.UniformResourceIdentifier(url)]
    return Extension.of(
        x509.CRLDistributionPoints([x509.DistributionPoint(place, None, None, None)])
    )


def _general_name(name: str) -> bytes:
    try:
        return ip_address(ipaddress.ip_address(name).packed)
    except ValueError:
        return dns_name(name.encode("latin-1"))
