"""A certification authority of the test: trusted, or looking exactly like the trusted one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Unpack

import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from simulators.pki.builder import Signer, build_authority, build_leaf, leaf_subject, signer_of
from simulators.pki.identity import Identity
from simulators.pki.keys import PrivateKey, key_pem, leaf_key, load_key, similar_key
from simulators.pki.template import HONEST_NOT_AFTER, HONEST_NOT_BEFORE, Changes, Template


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """A certificate that may sign others, with its key.

    Attributes:
        certificate: Its own certificate, a root or an intermediate.
        key: Its private key.
        chain: The intermediates to present with what it issues, itself first; empty for a root.
    """

    certificate: x509.Certificate
    key: PrivateKey = field(repr=False)
    chain: tuple[x509.Certificate, ...] = ()

    @classmethod
    def new(cls, name: str) -> Authority:
        """Make an honest root authority with an RSA key, which takes about 0.1 s.

        Args:
            name: Organisation and organisational unit of its subject name.
        """
        made = trustme.CA(
            organization_name=name, organization_unit_name=name, key_type=trustme.KeyType.RSA
        )
        return cls.from_pem(made.cert_pem.bytes(), made.private_key_pem.bytes())

    @classmethod
    def from_pem(cls, cert_pem: bytes, key_pem: bytes) -> Authority:
        """Read an authority that was made earlier; any further certificates are its chain.

        Raises:
            ValueError: Not PEM.
            TypeError: The key is neither RSA nor EC.
        """
        certificate, *parents = x509.load_pem_x509_certificates(cert_pem)
        is_root = certificate.issuer == certificate.subject
        chain = () if is_root else (certificate, *parents)
        return cls(certificate=certificate, key=load_key(key_pem), chain=chain)

    @property
    def certificate_pem(self) -> bytes:
        """Its own certificate: what a device that trusts it has to be given."""
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def private_key_pem(self) -> bytes:
        """Its private key, PKCS #8; for :meth:`from_pem` in another process."""
        return key_pem(self.key)

    @property
    def name(self) -> str:
        """Its subject name, RFC 4514."""
        return self.certificate.subject.rfc4514_string()

    def __str__(self) -> str:
        # The fingerprint tells a look-alike from the original.
        return f"{self.name} [{self.certificate.fingerprint(hashes.SHA256()).hex()[:8]}]"

    def write(self, folder: Path, stem: str = "authority") -> Path:
        """Write ``<stem>.pem``, the certificate only: no device needs the key of its authority.

        Raises:
            OSError: The folder or the file cannot be written.
        """
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{stem}.pem"
        path.write_bytes(self.certificate_pem)
        return path

    def issue(self, **changes: Unpack[Changes]) -> Identity:
        """Issue an end-entity certificate, honest but for the given keywords.

        Without any keyword trustme makes the certificate, with a key of its own (about 0.1 s);
        every deviation is made by our own builder with the same extensions and with the key that
        all leaves of this process share.

        Args:
            **changes: Fields of :class:`Template`, each one flaw.

        Raises:
            ValueError: The encoder cannot write this (``not_after`` before ``not_before``).
            TypeError: Unknown keyword.
        """
        template = Template(**changes)
        if template == Template():
            return self._issue_honest(template)
        authority = template.issuer or self
        key = leaf_key(template.key)
        signer = signer_of(authority.certificate, authority.key)
        issuer, chain = str(authority), authority.chain
        if template.self_signed:
            signer = Signer(subject=leaf_subject(template), key=key, key_identifier=None)
            issuer, chain = "itself", ()
        leaf = build_leaf(template, key, signer)
        presented = (leaf, *chain) if template.chain else (leaf,)
        return _identity(presented, key_pem(key), template.describe(issuer))

    def lookalike(self, *, same_key_identifier: bool = False) -> Authority:
        """Make an authority with the same subject name and another key.

        Args:
            same_key_identifier: Also copy the subject key identifier, so that only the
                signature tells the two apart.
        """
        key = similar_key(self.key)
        original = signer_of(self.certificate, self.key).key_identifier
        subject = self.certificate.subject
        certificate = build_authority(
            subject,
            key,
            Signer(subject=subject, key=key, key_identifier=None),
            not_before=HONEST_NOT_BEFORE,
            not_after=HONEST_NOT_AFTER,
            key_identifier=original if same_key_identifier else None,
        )
        return Authority(certificate=certificate, key=key)

    def subordinate(
        self,
        name: str,
        *,
        ca: bool = True,
        path_length: int | None = None,
        not_before: timedelta = HONEST_NOT_BEFORE,
        not_after: timedelta = HONEST_NOT_AFTER,
    ) -> Authority:
        """Make an intermediate authority below this one.

        Args:
            name: Its organisation and organisational unit.
            ca: False makes the classic flaw: an end entity that signs (RFC 5280 4.2.1.9).
            path_length: pathLenConstraint; None for no limit.
            not_before: Start of validity relative to now.
            not_after: End of validity relative to now.
        """
        key = similar_key(self.key)
        subject = x509.Name(
            [
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, name),
                x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, name),
            ]
        )
        certificate = build_authority(
            subject,
            key,
            signer_of(self.certificate, self.key),
            not_before=not_before,
            not_after=not_after,
            ca=ca,
            path_length=path_length,
        )
        return Authority(certificate=certificate, key=key, chain=(certificate, *self.chain))

    def _issue_honest(self, template: Template) -> Identity:
        now = datetime.now(UTC)
        made = trustme.CA.from_pem(self.certificate_pem, self.private_key_pem).issue_cert(
            *template.names,
            organization_name="dicom-assay peer",
            not_before=now + template.not_before,
            not_after=now + template.not_after,
            key_type=trustme.KeyType.RSA,
        )
        leaf = x509.load_pem_x509_certificate(made.cert_chain_pems[0].bytes())
        presented = (leaf, *self.chain)
        return _identity(
            presented, key_pem(load_key(made.private_key_pem.bytes())), template.describe(str(self))
        )


def _identity(
    presented: tuple[x509.Certificate, ...], private_key_pem: bytes, description: str
) -> Identity:
    return Identity(
        certificate_pem=b"".join(one.public_bytes(Encoding.PEM) for one in presented),
        key_pem=private_key_pem,
        leaf_der=presented[0].public_bytes(Encoding.DER),
        description=description,
    )
