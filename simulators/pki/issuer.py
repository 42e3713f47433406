"""Whoever signs a specimen: a name, a key, and the certificates that lead up to the root."""

from __future__ import annotations

from dataclasses import dataclass, field

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from simulators.pki import extensions
from simulators.pki.authority import Authority
from simulators.pki.keys import PrivateKey
from simulators.pki.odd_keys import pair_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """Who signs.

    Attributes:
        name: Name, DER.
        key: Its private key.
        key_identifier: Of its key, as its own certificate states it.
        chain: Certificates (DER) that are shown after what it issues, its own first; empty for
            a root.
    """

    name: bytes
    key: PrivateKey = field(repr=False)
    key_identifier: bytes
    chain: tuple[bytes, ...] = ()

    @classmethod
    def of(cls, authority: Authority) -> Issuer:
        """The holder of an authority's certificate."""
        try:
            stated = authority.certificate.extensions.get_extension_for_class(
                x509.SubjectKeyIdentifier
            ).value.digest
        except x509.ExtensionNotFound:
            stated = extensions.key_identifier(pair_of(authority.key).public_key)
        return cls(
            name=authority.certificate.subject.public_bytes(),
            key=authority.key,
            key_identifier=stated,
            chain=tuple(one.public_bytes(Encoding.DER) for one in authority.chain),
        )
