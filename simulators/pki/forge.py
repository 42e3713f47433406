"""Signs certificates that no honest tool writes: every field is given as it shall stand there.

A :class:`Blueprint` is a certificate (RFC 5280 4.1) before it is signed. Its fields are encoded
values, so that each of them can be wrong by itself while all others stay as they were.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from simulators.pki import der
from simulators.pki.keys import PrivateKey

Scheme: TypeAlias = Literal["sha256", "sha1", "md5", "pss", "unknown"]
"""How a certificate is signed: hash with PKCS #1 v1.5 or ECDSA, RSASSA-PSS with SHA-256, or
by an algorithm identifier that nobody knows."""

V1, V3 = 0, 2

_SHA256 = "2.16.840.1.101.3.4.2.1"
_MGF1 = "1.2.840.113549.1.1.8"
_PSS = "1.2.840.113549.1.1.10"
_PSS_SALT_OCTETS = 32
_NOBODYS_ALGORITHM = "2.25.173110226731541268304219537561846033518"
_HASHES: Mapping[str, type[hashes.SHA256] | type[hashes.SHA1] | type[hashes.MD5]] = {
    "sha256": hashes.SHA256,
    "sha1": hashes.SHA1,
    "md5": hashes.MD5,
}
_RSA_OIDS = {
    "sha256": "1.2.840.113549.1.1.11",
    "sha1": "1.2.840.113549.1.1.5",
    "md5": "1.2.840.113549.1.1.4",
}
_EC_OIDS = {"sha256": "1.2.840.10045.4.3.2", "sha1": "1.2.840.10045.4.1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """One extension: its identifier, whether it is critical, and its encoded value."""

    oid: str
    value: bytes
    critical: bool = False

    @classmethod
    def of(cls, value: x509.ExtensionType, *, critical: bool = False) -> Extension:
        """An extension from the library's own object."""
        return cls(oid=value.oid.dotted_string, value=value.public_bytes(), critical=critical)

    def encoded(self) -> bytes:
        """As it stands in a certificate."""
        critical = der.TRUE if self.critical else b""
        parts = (der.object_identifier(self.oid), critical, der.octet_string(self.value))
        return der.sequence(*parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Blueprint:
    """A certificate that is not signed yet; all ``bytes`` are encoded values.

    Attributes:
        serial: INTEGER.
        issuer: Name.
        not_before: Time.
        not_after: Time.
        subject: Name.
        public_key: SubjectPublicKeyInfo.
        extensions: In the order in which they stand.
        signer: Key that signs.
        version: ``V1`` or ``V3``; V1 is the default of the encoding and leaves no trace.
        scheme: How it is signed, inside and outside.
        outer_scheme: What the certificate claims outside of the signed part, if that differs.
    """

    serial: bytes
    issuer: bytes
    not_before: bytes
    not_after: bytes
    subject: bytes
    public_key: bytes
    extensions: tuple[Extension, ...]
    signer: PrivateKey = field(repr=False)
    version: int = V3
    scheme: Scheme = "sha256"
    outer_scheme: Scheme | None = None

    def with_extension(self, *added: Extension) -> Blueprint:
        """The same with these extensions; one of the same kind is replaced where it stands."""
        new = {one.oid: one for one in added}
        kept = tuple(new.pop(one.oid, one) for one in self.extensions)
        return replace(self, extensions=(*kept, *new.values()))

    def without(self, *kinds: type[x509.ExtensionType]) -> Blueprint:
        """The same without extensions of these kinds."""
        oids = {kind.oid.dotted_string for kind in kinds}
        kept = tuple(one for one in self.extensions if one.oid not in oids)
        return replace(self, extensions=kept)

    def to_be_signed(self) -> bytes:
        """TBSCertificate."""
        version = der.explicit(0, der.integer(self.version)) if self.version != V1 else b""
        listed = der.sequence(*(one.encoded() for one in self.extensions))
        return der.sequence(
            version,
            self.serial,
            algorithm(self.signer, self.scheme),
            self.issuer,
            der.sequence(self.not_before, self.not_after),
            self.subject,
            self.public_key,
            der.explicit(3, listed) if self.extensions else b"",
        )

    def signature(self) -> bytes:
        """The signature over the part that is signed."""
        return sign(self.signer, self.to_be_signed(), self.scheme)

    def signed(self) -> bytes:
        """Certificate."""
        return self.assembled(self.signature())

    def assembled(self, signature: bytes) -> bytes:
        """Certificate with that signature, right or wrong."""
        outer = algorithm(self.signer, self.outer_scheme or self.scheme)
        return der.sequence(self.to_be_signed(), outer, der.bit_string(signature))


def algorithm(key: PrivateKey, scheme: Scheme) -> bytes:
    """The AlgorithmIdentifier of a signature (RFC 4055, RFC 5758).

    Raises:
        ValueError: There is no such signature with this kind of key.
    """
    if scheme == "unknown":
        return der.sequence(der.object_identifier(_NOBODYS_ALGORITHM))
    if scheme == "pss":
        return der.sequence(der.object_identifier(_PSS), _pss_parameters())
    if isinstance(key, RSAPrivateKey):
        return der.sequence(der.object_identifier(_RSA_OIDS[scheme]), der.NULL)
    if scheme not in _EC_OIDS:
        raise ValueError(f"an EC key does not sign with {scheme}")
    return der.sequence(der.object_identifier(_EC_OIDS[scheme]))


def sign(key: PrivateKey, data: bytes, scheme: Scheme) -> bytes:
    """A signature over ``data``; by an unknown algorithm it is one with SHA-256.

    Raises:
        ValueError: There is no such signature with this kind of key.
    """
    digest = _HASHES.get(scheme, hashes.SHA256)()
    if isinstance(key, ec.EllipticCurvePrivateKey):
        if scheme == "pss":
            raise ValueError("an EC key makes no RSASSA-PSS signature")
        return key.sign(data, ec.ECDSA(digest))
    if scheme == "pss":
        filled = padding.PSS(padding.MGF1(digest), _PSS_SALT_OCTETS)
        return key.sign(data, filled, digest)
    return key.sign(data, padding.PKCS1v15(), digest)


def _pss_parameters() -> bytes:
    """SHA-256 throughout, 32 octets of salt (RFC 4055 3.1)."""
    digest = der.sequence(der.object_identifier(_SHA256), der.NULL)
    mask = der.sequence(der.object_identifier(_MGF1), digest)
    salt = der.integer(_PSS_SALT_OCTETS)
    return der.sequence(der.explicit(0, digest), der.explicit(1, mask), der.explicit(2, salt))
