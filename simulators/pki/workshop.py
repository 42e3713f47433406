"""Where specimens are made: honest blueprints of leaves and authorities, to be spoilt in one place.

All moments are relative to the ``now`` of the workshop, so that a specimen is as wrong in twenty
years as it is today.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from ssl import DER_cert_to_PEM_cert
from typing import TypedDict, Unpack

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from simulators.pki import der, extensions
from simulators.pki.authority import Authority
from simulators.pki.departments import department_key, department_subject
from simulators.pki.forge import Blueprint, Extension, Scheme
from simulators.pki.identity import Identity
from simulators.pki.issuer import Issuer
from simulators.pki.keys import PrivateKey, leaf_key
from simulators.pki.odd_keys import OddKind, odd_key, pair_of
from simulators.pki.revocation import Revocation
from simulators.pki.template import HONEST_NAMES, HONEST_NOT_AFTER, HONEST_NOT_BEFORE

_SERIAL_OCTETS = 16


class Fields(TypedDict, total=False):
    """Fields of a :class:`Blueprint` that a specimen states itself."""

    serial: bytes
    issuer: bytes
    not_before: bytes
    not_after: bytes
    subject: bytes
    public_key: bytes
    extensions: tuple[Extension, ...]
    signer: PrivateKey
    version: int
    scheme: Scheme
    outer_scheme: Scheme


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """What a specimen is made with.

    Attributes:
        authority: The authority that the device trusts.
        services: Where its revocation is published; None where none of that is needed.
        now: The present, in UTC.
    """

    authority: Authority
    services: Revocation | None = None
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def root(self) -> Issuer:
        """The authority that the device trusts, as an issuer."""
        return Issuer.of(self.authority)

    @property
    def root_der(self) -> bytes:
        """The certificate of the trusted authority, DER."""
        return self.authority.certificate.public_bytes(Encoding.DER)

    @property
    def rsa_issuer(self) -> Issuer:
        """The trusted authority, or a department of it with an RSA key if its own is no RSA."""
        return self.root if isinstance(self.authority.key, RSAPrivateKey) else self.department()

    @property
    def published(self) -> Revocation:
        """The revocation services.

        Raises:
            ValueError: The workshop has none.
        """
        if self.services is None:
            raise ValueError("this specimen needs the revocation services of a run")
        return self.services

    def at(self, **distance: float) -> bytes:
        """A Time at that distance from now, in the keywords of ``timedelta``."""
        return der.time(self.now + timedelta(**distance))

    def leaf(
        self, by: Issuer | None = None, *, key: OddKind = "rsa", **fields: Unpack[Fields]
    ) -> Blueprint:
        """An honest end entity of the trusted authority (or another), but for the fields."""
        by = by or self.root
        public_key = odd_key(key).public_key
        honest = Blueprint(
            serial=der.integer(fresh_serial()),
            issuer=by.name,
            not_before=der.time(self.now + HONEST_NOT_BEFORE),
            not_after=der.time(self.now + HONEST_NOT_AFTER),
            subject=name("dicom-assay peer"),
            public_key=public_key,
            extensions=(
                extensions.subject_key(extensions.key_identifier(public_key)),
                extensions.authority_key(by.key_identifier),
                extensions.names(*HONEST_NAMES),
                extensions.basic_constraints(ca=False),
                extensions.usage("digital_signature", "key_encipherment"),
                extensions.purposes("server", "client"),
            ),
            signer=by.key,
        )
        return replace(honest, **fields)

    def authority_below(
        self, by: Issuer | None = None, *, number: int = 0, **fields: Unpack[Fields]
    ) -> Blueprint:
        """An honest intermediate of the trusted authority (or another), but for the fields.

        Args:
            by: Who signs it; the trusted authority by default.
            number: Which of the intermediates of this process: each has one name and one key.
            **fields: What is stated otherwise.
        """
        by = by or self.root
        public_key = pair_of(department_key(number)).public_key
        honest = Blueprint(
            serial=der.integer(fresh_serial()),
            issuer=by.name,
            not_before=der.time(self.now + HONEST_NOT_BEFORE),
            not_after=der.time(self.now + HONEST_NOT_AFTER),
            subject=department_subject(number).public_bytes(),
            public_key=public_key,
            extensions=(
                extensions.subject_key(extensions.key_identifier(public_key)),
                extensions.authority_key(by.key_identifier),
                extensions.basic_constraints(ca=True),
                extensions.usage("key_cert_sign", "crl_sign"),
            ),
            signer=by.key,
        )
        return replace(honest, **fields)

    def department(
        self, blueprint: Blueprint | None = None, *, number: int = 0, parent: Issuer | None = None
    ) -> Issuer:
        """The holder of an intermediate's certificate.

        Args:
            blueprint: From :meth:`authority_below` with the same number; honest by default.
            number: Which of the intermediates.
            parent: Whose chain follows; the trusted authority by default.
        """
        above = parent or self.root
        drawn = blueprint or self.authority_below(above, number=number)
        key = department_key(number)
        return Issuer(
            name=drawn.subject,
            key=key,
            key_identifier=extensions.key_identifier(pair_of(key).public_key),
            chain=(drawn.signed(), *above.chain),
        )

    def shown(
        self,
        leaf: Blueprint | bytes,
        issuer: Issuer | None = None,
        *,
        key: OddKind = "rsa",
        chain: Sequence[bytes] | None = None,
    ) -> Identity:
        """What is shown to the device.

        Args:
            leaf: The end entity, signed or to be signed as it is.
            issuer: Whose chain follows; the trusted authority by default.
            key: The leaf's key.
            chain: What follows the leaf instead, DER.
        """
        first = leaf if isinstance(leaf, bytes) else leaf.signed()
        after = (issuer or self.root).chain if chain is None else tuple(chain)
        return identity_of(first, after, odd_key(key).private_pem)


def self_signed(leaf: Blueprint) -> Blueprint:
    """The same, signed by the key that all leaves share and naming its own subject as issuer."""
    identifier = extensions.authority_key(extensions.key_identifier(leaf.public_key))
    changed = leaf.with_extension(identifier)
    return replace(changed, issuer=leaf.subject, signer=leaf_key("rsa"))


def identity_of(leaf: bytes, chain: Sequence[bytes], private_pem: bytes) -> Identity:
    """An identity of encoded certificates; its description is left to the specimen."""
    return Identity(
        certificate_pem="".join(map(DER_cert_to_PEM_cert, (leaf, *chain))).encode("ascii"),
        key_pem=private_pem,
        leaf_der=leaf,
        description="",
    )


def name(organisation: str | None, common_name: str | None = None) -> bytes:
    """A Name, DER, of at most these two attributes."""
    attributes: list[x509.NameAttribute[str]] = []
    if organisation is not None:
        attributes.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation))
    if common_name is not None:
        attributes.append(x509.NameAttribute(NameOID.COMMON_NAME, common_name))
    return x509.Name(attributes).public_bytes()


def fresh_serial() -> int:
    """A serial number that was not used before: positive, unpredictable, 16 octets."""
    return int.from_bytes(b"\x40" + secrets.token_bytes(_SERIAL_OCTETS - 1), "big")
