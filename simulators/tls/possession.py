"""A client that shows a certificate and does not prove that it holds the key (RFC 5246 7.4.8).

No library sends this of its own accord; tlslite builds each message before it sends it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal, Protocol, cast

from simulators.tls.handshake import Transport
from simulators.tls.legacy import LegacyChannel
from simulators.tls.legacy_policy import LegacyPolicy

Lapse = Literal["nothing shown", "no proof", "altered proof", "proof by another key"]
"""What is left out or wrong: both messages, the CertificateVerify, its signature, or its key (for
the last one the policy's identity has to have another's key)."""

_CERTIFICATE, _PROOF = "Certificate", "CertificateVerify"
_LEFT_OUT: dict[str, frozenset[str]] = {
    "nothing shown": frozenset({_CERTIFICATE, _PROOF}),
    "no proof": frozenset({_PROOF}),
}


class _Signed(Protocol):
    signature: bytearray


class _Sender(Protocol):
    _sendMsg: Callable[..., Iterator[object]]  # noqa: N815 - tlslite's name


class UnprovenChannel(LegacyChannel):
    """A client of TLS 1.2 and below with one lapse.

    Args:
        transport: The bytes below.
        policy: Honest but for an identity with another's key.
        lapse: What is left out or wrong.
        keylog: Takes the line of the NSS key log.

    Raises:
        TlsPolicyError: tlslite cannot play the policy.
    """

    def __init__(
        self,
        transport: Transport,
        policy: LegacyPolicy,
        lapse: Lapse,
        keylog: Callable[[str], None] | None = None,
    ) -> None:
        super().__init__(transport, policy, False, keylog)
        sender = cast("_Sender", self._connection)
        send = sender._sendMsg
        left_out = _LEFT_OUT.get(lapse, frozenset[str]())

        def send_or_not(message: object, *more: object, **named: object) -> Iterator[object]:
            kind = type(message).__name__
            if kind in left_out:
                # It counts for neither side's transcript: the handshake is sound without it.
                return iter(())
            if kind == _PROOF and lapse == "altered proof":
                cast("_Signed", message).signature[-1] ^= 1
            return send(message, *more, **named)

        sender._sendMsg = send_or_not
