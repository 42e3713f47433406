"""What an old or weak peer offers, in the terms of tlslite-ng."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from simulators.pki import Identity
from simulators.pki.keys import load_key
from simulators.tls.codes import TlsVersion
from simulators.tls.engine import (
    RFC2409_GROUP1,
    RFC2409_GROUP2,
    Settings,
    X509CertChain,
    new_settings,
    parsePEMKey,
)
from simulators.tls.handshake import TlsPolicyError

LegacyClass: TypeAlias = Literal["null", "anon", "rc4", "3des", "no-pfs", "cbc-sha1"]
"""The classes of ``suites.csv`` that can be played in full; EXPORT and DES only by hello.py."""

_AES = ("aes128", "aes256")
_AUTHENTICATED = ("rsa", "dhe_rsa", "ecdhe_rsa", "ecdhe_ecdsa")
_CLASSES: dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    "null": (("null",), ("sha", "sha256", "md5"), _AUTHENTICATED),
    "anon": (_AES, ("sha", "sha256"), ("dh_anon", "ecdh_anon")),
    "rc4": (("rc4",), ("sha", "md5"), _AUTHENTICATED),
    "3des": (("3des",), ("sha",), _AUTHENTICATED),
    "no-pfs": ((*_AES, "aes128gcm", "aes256gcm"), ("sha", "sha256", "aead"), ("rsa",)),
    "cbc-sha1": (_AES, ("sha",), ("dhe_rsa", "ecdhe_rsa", "ecdhe_ecdsa")),
}
_ALL_CIPHERS = (*_AES, "aes128gcm", "aes256gcm", "3des")
_DH_GROUPS = {768: RFC2409_GROUP1, 1024: RFC2409_GROUP2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """A certificate chain and key as tlslite's own objects, which have no types."""

    chain: object
    key: object


@dataclass(frozen=True, slots=True, kw_only=True)
class LegacyPolicy:
    """A TLS peer by tlslite-ng, SSL 3.0 to TLS 1.2.

    It never verifies: an old peer meets the device to see whether the device goes along.

    Attributes:
        minimum: Lowest version offered or accepted.
        maximum: Highest version offered or accepted, at most TLS 1.2.
        ciphers: tlslite's names of bulk ciphers.
        macs: tlslite's names of MACs; ``aead`` stands for GCM.
        key_exchanges: tlslite's names of key exchanges.
        identity: What our side presents. A server needs one unless anonymous, and one with an
            RSA key (the default of ``authority.issue()``) unless the suites take ECDSA.
        request_certificate: Server only: ask the device for a certificate.
        server_name: SNI of a client.
        dh_bits: Server only: size of the finite-field group, 768 or 1024; None for RFC 7919.
        groups: Curves by their IANA names; empty for tlslite's.
        signature_hash: Server only: the one hash that signs its key exchange, with RSA; None for
            the best that the client asks for.
    """

    minimum: TlsVersion = TlsVersion.SSL3
    maximum: TlsVersion = TlsVersion.TLS1_2
    ciphers: tuple[str, ...] = _ALL_CIPHERS
    macs: tuple[str, ...] = ("sha", "sha256", "sha384", "aead")
    key_exchanges: tuple[str, ...] = _AUTHENTICATED
    identity: Identity | None = None
    request_certificate: bool = False
    server_name: str | None = None
    dh_bits: Literal[768, 1024] | None = None
    groups: tuple[str, ...] = ()
    signature_hash: Literal["md5", "sha1"] | None = None

    @classmethod
    def version(cls, only: TlsVersion, identity: Identity | None = None) -> LegacyPolicy:
        """A peer that speaks one version only, with every suite that is not broken outright."""
        return cls(minimum=only, maximum=only, identity=identity)

    @classmethod
    def weak(
        cls,
        weakness: LegacyClass,
        identity: Identity | None = None,
        *,
        minimum: TlsVersion = TlsVersion.TLS1_2,
        maximum: TlsVersion = TlsVersion.TLS1_2,
    ) -> LegacyPolicy:
        """A peer that speaks TLS 1.2 (unless told otherwise) and one class of weak suites only."""
        ciphers, macs, key_exchanges = _CLASSES[weakness]
        return cls(
            minimum=minimum,
            maximum=maximum,
            ciphers=ciphers,
            macs=macs,
            key_exchanges=key_exchanges,
            identity=identity,
        )

    @property
    def anonymous(self) -> bool:
        """Nobody authenticates: only anonymous key exchanges are on."""
        return all(name.endswith("_anon") for name in self.key_exchanges)

    def settings(self) -> Settings:
        """The settings object of tlslite.

        Raises:
            TlsPolicyError: tlslite refuses the combination.
        """
        if self.maximum > TlsVersion.TLS1_2:
            raise TlsPolicyError("TLS 1.3 needs a TlsPolicy")
        made = new_settings()
        made.minVersion, made.maxVersion = _pair(self.minimum), _pair(self.maximum)
        # An offer with supported_versions is answered from this list, whatever maxVersion says.
        made.versions = [_pair(one) for one in self._versions()]
        made.cipherNames, made.macNames = list(self.ciphers), list(self.macs)
        made.keyExchangeNames = list(self.key_exchanges)
        made.rsaSigHashes = [*made.rsaSigHashes, "md5"]
        if self.signature_hash is not None:
            made.rsaSigHashes, made.rsaSchemes = [self.signature_hash], ["pkcs1"]
        if self.groups:
            made.eccCurves, made.keyShares = list(self.groups), []
        made.minKeySize = 512
        made.use_heartbeat_extension = False
        # 0.8.2 sends a compressed Certificate unasked, which every peer refuses.
        made.certificate_compression_send = []
        made.certificate_compression_receive = []
        if self.dh_bits is not None:
            made.dhParams = _DH_GROUPS[self.dh_bits]
        if self.dh_bits is not None or self.anonymous:
            # Else the RFC 7919 groups of the client's offer come before dhParams.
            made.dhGroups = []
        try:
            return made.validate()
        except ValueError as error:
            raise TlsPolicyError(f"tlslite cannot play this peer: {error}") from error

    def _versions(self) -> list[TlsVersion]:
        between = (one for one in TlsVersion if self.minimum <= one <= self.maximum)
        return sorted(between, reverse=True)

    def credentials(self, *, server_side: bool) -> Credentials | None:
        """The identity as tlslite's objects, None when there is none to show.

        Raises:
            TlsPolicyError: A server has no identity, or tlslite cannot read it.
        """
        if self.anonymous:
            return None
        if self.identity is None:
            if server_side:
                raise TlsPolicyError("a server that is not anonymous needs an identity")
            return None
        if server_side and "ecdhe_ecdsa" not in self.key_exchanges:
            _require_rsa(self.identity)
        chain = X509CertChain()
        try:
            chain.parsePemList(self.identity.certificate_pem.decode("ascii"))
            key = parsePEMKey(self.identity.key_pem.decode("ascii"), private=True)
        except (ValueError, SyntaxError) as error:
            raise TlsPolicyError(f"tlslite cannot read the identity: {error}") from error
        return Credentials(chain=chain, key=key)


def _require_rsa(identity: Identity) -> None:
    if not isinstance(load_key(identity.key_pem), RSAPrivateKey):
        raise TlsPolicyError("these key exchanges need an identity with an RSA key")


def _pair(version: TlsVersion) -> tuple[int, int]:
    return version >> 8, version & 0xFF
