"""The device's own look at its peer's certificate, after OpenSSL has built and verified the path.

OpenSSL tolerates certificates of broken form and has no file of revoked ones; this decides on
both. A refusal here ends the connection after the handshake, before any DICOM.
"""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, cast

from simulators.devices.reference.flaws import Flaws
from simulators.devices.reference.options import Credentials
from simulators.devices.reference.tls_form import Theme, is_namesake, objections, public_key
from simulators.devices.reference.tls_stream import HandshakeError

Prefix = Literal["", "scu_"]
"""What the names of a role's flaws begin with."""

CALLBACK_FLAWS = (
    "accepts_self_signed",
    "trusts_subject_name",
    "ignores_validity",
    "ignores_eku",
    "ignores_key_usage",
    "leaf_may_issue",
    "ignores_name_constraints",
    "ignores_critical_extension",
    "accepts_incomplete_chain",
    "accepts_weak_key",
    "accepts_malformed_certificate",
)
"""Flaws of either role that need OpenSSL's verify callback, without the prefix of the role."""

POLICY_CHECK = ssl.VerifyFlags(0x80)
"""OpenSSL's flag for certificate policies, which the module does not name."""

_ENCODING_DER = 2
_CERTIFICATE, _HEADER, _LIST_AT, _KEPT = 11, 4, 7, "certificate_as_sent"
_FORGIVEN: dict[Theme, str] = {
    "form": "accepts_malformed_certificate",
    "dates": "ignores_validity",
    "usage": "ignores_key_usage",
    "strength": "accepts_weak_key",
}
_DIRECTLY = 2
"""Length of a path from an end entity to the authority that issued it itself."""


class _Link(Protocol):
    def public_bytes(self, encoding: int, /) -> bytes: ...


class _Chained(Protocol):
    def get_verified_chain(self) -> Sequence[_Link] | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Scrutiny:
    """What one role of the device asks of a certificate beyond OpenSSL.

    Attributes:
        credentials: Its trust, with the revocations that it knows of.
        flaws: What is switched on.
        prefix: Which role's flaws count.
    """

    credentials: Credentials
    flaws: Flaws
    prefix: Prefix

    def has(self, name: str) -> bool:
        """Tell whether this role has a flaw of that name, without its prefix."""
        return f"{self.prefix}{name}" in self.flaws.names

    @property
    def callback_flaw(self) -> str:
        """The flaw that needs the callback; empty when there is none."""
        return next((name for name in CALLBACK_FLAWS if self.has(name)), "")

    def __call__(self, chain: Sequence[bytes]) -> None:
        """Look at a verified path, the peer's own certificate first; an empty one passes.

        Raises:
            HandshakeError: Something is wrong with it.
        """
        if not chain:
            return
        found = objections(chain[0])
        for theme, why in found:
            if not self.has(_FORGIVEN[theme]):
                raise HandshakeError(f"the peer's certificate has {why}")
        if any(theme == "form" for theme, _ in found):
            # Forgiven: what else it says cannot be relied upon either.
            return
        try:
            self._judge_path(chain)
        except ValueError as error:
            raise HandshakeError(f"the path cannot be read: {error}") from None

    def _judge_path(self, chain: Sequence[bytes]) -> None:
        keys = [public_key(one) for one in chain]
        if len(set(keys)) < len(keys) and not self.has("leaf_may_issue"):
            raise HandshakeError("the same key stands in two certificates of the path")
        if len(chain) == _DIRECTLY and is_namesake(chain[0]):
            raise HandshakeError("the peer's certificate has the name of its authority")
        if len(chain) > _DIRECTLY and self.has("refuses_odd_certificate"):
            raise HandshakeError("the peer's certificate is by an authority below the trusted one")
        if self.credentials.revocations is None or self.has("ignores_revocation"):
            return
        # Loaded by a device that was given a list of revoked certificates only.
        from simulators.devices.reference.tls_revocation import why_revoked

        if why := why_revoked(chain, self.credentials):
            raise HandshakeError(why)


def keep_as_sent(context: ssl.SSLContext) -> None:
    """Have every connection of a context keep its peer's Certificate message as it came.

    OpenSSL gives certificates back in DER, however they were encoded.
    """
    # Without this hook of the module, which it keeps to itself, the message cannot be seen.
    context._msg_callback = _keep  # type: ignore[attr-defined]


def _keep(
    sock: ssl.SSLSocket, direction: str, _version: int, _content: int, kind: int, data: bytes
) -> None:
    if direction == "read" and kind == _CERTIFICATE:
        vars(sock)[_KEPT] = data


def _leaf_as_sent(sock: ssl.SSLSocket) -> bytes:
    """The first certificate of the message (RFC 5246 7.4.2, RFC 8446 4.4.2), or nothing."""
    message: bytes = vars(sock).get(_KEPT, b"")
    at = _LIST_AT
    if sock.version() == "TLSv1.3" and message:
        at += 1 + message[_HEADER]
    size = int.from_bytes(message[at : at + 3], "big")
    return message[at + 3 : at + 3 + size]


def verified_chain(sock: ssl.SSLSocket) -> list[bytes]:
    """Return the path that OpenSSL has verified, leaf first; empty without a certificate."""
    # Public from Python 3.13 on; before that only the object inside has it.
    inner = cast("_Chained | None", getattr(sock, "_sslobj", None))
    chain = inner.get_verified_chain() if inner is not None else None
    found = [link.public_bytes(_ENCODING_DER) for link in chain or ()]
    if found:
        found[0] = _leaf_as_sent(sock) or found[0]
    return found
