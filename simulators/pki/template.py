"""What a certificate says: one field for each thing that can be wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import TYPE_CHECKING, Literal, TypeAlias, TypedDict

from simulators.pki.keys import KeyKind

if TYPE_CHECKING:
    from simulators.pki.authority import Authority

ExtendedKeyUsage: TypeAlias = Literal["server", "client", "code", "email", "ocsp"]
KeyUsage: TypeAlias = Literal[
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
]

HONEST_NAMES = ("localhost", "127.0.0.1")
# An hour in the past, so that a device whose clock is a little slow still sees a valid certificate.
HONEST_NOT_BEFORE = timedelta(hours=-1)
HONEST_NOT_AFTER = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """An end-entity certificate; the defaults are honest and every other value is a flaw.

    Attributes:
        names: subjectAltName entries. ``"127.0.0.1"`` becomes an iPAddress and anything else a
            dNSName; a ``"dns:"`` prefix forces a dNSName (``"dns:127.0.0.1"``). Empty: no
            subjectAltName (RFC 9525 6.3).
        common_name: Subject CN, if any; RFC 9525 2 forbids to match names against it.
        not_before: Start of validity relative to now (RFC 5280 4.1.2.5).
        not_after: End of validity relative to now.
        eku: extKeyUsage purposes (RFC 5280 4.2.1.12); None leaves the extension out.
        key_usage: keyUsage bits (RFC 5280 4.2.1.3); None leaves the extension out.
        key: Kind of key of the subject. RSA is the default because some devices (``echoscu``
            with TLS 1.2 among them) offer no ECDSA suite: an EC server never meets them.
        issuer: Another authority that signs instead.
        self_signed: The subject signs with its own key, no authority is involved.
        is_authority: basicConstraints cA (RFC 5280 4.2.1.9); None leaves the extension out.
        serial: Serial number, positive; None draws one.
        critical_unknown_extension: Add a critical extension that nobody knows (RFC 5280 4.2:
            a certificate with one must be rejected).
        tampered_signature: Flip the last bit of the signature.
        chain: Present the intermediates together with the leaf.
    """

    names: tuple[str, ...] = HONEST_NAMES
    common_name: str | None = None
    not_before: timedelta = HONEST_NOT_BEFORE
    not_after: timedelta = HONEST_NOT_AFTER
    eku: tuple[ExtendedKeyUsage, ...] | None = ("server", "client")
    key_usage: tuple[KeyUsage, ...] | None = ("digital_signature", "key_encipherment")
    key: KeyKind = "rsa"
    issuer: Authority | None = None
    self_signed: bool = False
    is_authority: bool | None = False
    serial: int | None = None
    critical_unknown_extension: bool = False
    tampered_signature: bool = False
    chain: bool = True

    def deviations(self) -> Iterator[tuple[str, object]]:
        """Yield the fields (name, value) that are not at their honest default."""
        for entry in fields(self):
            value = getattr(self, entry.name)
            if value != entry.default:
                yield entry.name, value

    def describe(self, issuer: str) -> str:
        """One line: the issuer and what deviates from an honest certificate."""
        changes = ", ".join(f"{name}={value}" for name, value in self.deviations())
        return f"certificate by {issuer}: {changes or 'honest'}"


class Changes(TypedDict, total=False):
    """The keywords of :meth:`Authority.issue`: the fields of :class:`Template`."""

    names: tuple[str, ...]
    common_name: str | None
    not_before: timedelta
    not_after: timedelta
    eku: tuple[ExtendedKeyUsage, ...] | None
    key_usage: tuple[KeyUsage, ...] | None
    key: KeyKind
    issuer: Authority | None
    self_signed: bool
    is_authority: bool | None
    serial: int | None
    critical_unknown_extension: bool
    tampered_signature: bool
    chain: bool
