"""Meets one device over TLS, as its server or as its client, and tells how far it came."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import dataclass

from harness.errors import HarnessError
from simulators import tls, wire
from simulators.pki import Identity
from simulators.wire import uids

HANDSHAKE_S = 20.0
ANSWER_S = 20.0

_CONTEXT = wire.Context(1, uids.VERIFICATION, (uids.IMPLICIT_LE,))
_CHUNK = 65536
_REFUSED_CONTEXT = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a meeting ended.

    Attributes:
        accepted: True when the device went on to DICOM, False when it refused the certificate,
            None when the meeting does not tell.
        words: What was seen.
    """

    accepted: bool | None
    words: str


class Plug:
    """A socket as the transport below TLS."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    def send(self, data: bytes, /) -> None:
        """Sends all."""
        self._connection.settimeout(ANSWER_S)
        self._connection.sendall(data)

    def receive(self, timeout: float, /) -> bytes:
        """What has arrived within ``timeout`` seconds; empty at the end."""
        self._connection.settimeout(max(timeout, 0.001))
        return self._connection.recv(_CHUNK)


def policies(identity: Identity) -> Iterator[tls.AnyPolicy]:
    """How the identity can be shown: by OpenSSL, else as it is and up to TLS 1.2."""
    if identity.staple:
        yield tls.ModernPolicy(identity=identity, staple=identity.staple)
    elif not identity.verbatim:
        yield tls.TlsPolicy(identity=identity)
    yield tls.LegacyPolicy.version(tls.TlsVersion.TLS1_2, identity)


def meet(connection: socket.socket, identity: Identity, titles: tuple[str, str] | None) -> Ending:
    """Shake hands, then a C-ECHO.

    Args:
        connection: Connected; left open.
        identity: What is shown.
        titles: Called and calling AE title of a client; None for a server.

    Raises:
        HarnessError: No library here can show the identity; nothing was sent.
    """
    channel = _opened(connection, identity, server_side=titles is None)
    done = channel.handshake(HANDSHAKE_S)
    if not done.certificate_sent:
        asked = done.completed and titles is not None
        why = "it did not ask for one" if asked else done.error or "the handshake ended before"
        return Ending(accepted=None, words=f"our certificate was not shown: {why}")
    if done.alert_received is not None or not done.completed:
        return _refusal(channel.state)
    talk = Talk(channel)
    try:
        return talk.as_client(*titles) if titles else talk.as_server()
    except (OSError, tls.TlsFailureError):
        return _refusal(channel.state)


def _opened(
    connection: socket.socket, identity: Identity, *, server_side: bool
) -> tls.SecureChannel:
    problems = []
    for policy in policies(identity):
        try:
            return tls.open_channel(Plug(connection), policy, server_side)
        except tls.TlsPolicyError as error:
            problems.append(str(error))
    raise HarnessError(f"this certificate cannot be shown: {'; '.join(problems)}")


def _refusal(seen: tls.Handshake) -> Ending:
    if seen.alert_received is not None:
        return Ending(accepted=False, words=f"alert {seen.alert_received}")
    if seen.alert_sent is not None:
        return Ending(accepted=None, words=f"we ended it ourselves: alert {seen.alert_sent}")
    how = seen.ended.value if seen.ended else seen.error or "no reason given"
    silent = seen.ended is tls.Ending.TIMEOUT
    return Ending(accepted=None if silent else False, words=f"ended without an alert: {how}")


class Talk:
    """DICOM over one channel, as little of it as an echo needs."""

    def __init__(self, channel: tls.SecureChannel) -> None:
        self._channel = channel
        self._incoming = wire.PduBuffer()
        self._messages = wire.Reassembler()

    def as_client(self, called: str, calling: str) -> Ending:
        """Associates and asks for an echo."""
        self._send(wire.associate_rq(called, calling, [_CONTEXT]))
        answer = self._next()
        if answer is None:
            return _refusal(self._channel.state)
        if not isinstance(answer, wire.AssociateAC):
            return Ending(accepted=None, words=f"TLS, then {type(answer).__name__}")
        for pdu in wire.p_data(_CONTEXT.id, wire.c_echo_rq()):
            self._send(pdu)
        answered = isinstance(self._next(), wire.PDataTF)
        self._send(wire.ReleaseRQ())
        if not answered:
            return Ending(accepted=None, words="associated, but C-ECHO was not answered")
        return Ending(accepted=True, words="C-ECHO was answered")

    def as_server(self) -> Ending:
        """Waits for an association and answers its echoes."""
        request = self._next()
        if request is None:
            return _refusal(self._channel.state)
        if not isinstance(request, wire.AssociateRQ):
            return Ending(accepted=None, words=f"TLS, then {type(request).__name__}")
        self._send(wire.associate_ac(request, _results(request)))
        echoes = 0
        while (pdu := self._next()) is not None:
            if isinstance(pdu, wire.ReleaseRQ):
                self._send(wire.ReleaseRP())
                break
            if isinstance(pdu, wire.PDataTF):
                echoes += self._answer(pdu)
        return Ending(accepted=True, words=f"A-ASSOCIATE-RQ arrived, {echoes} C-ECHO answered")

    def _answer(self, pdu: wire.PDataTF) -> int:
        messages = self._messages.feed(pdu)
        for message in messages:
            answer = wire.c_echo_rsp(message.command.integer("MessageID") or 0)
            for part in wire.p_data(message.context_id, answer):
                self._send(part)
        return len(messages)

    def _send(self, pdu: wire.PDU) -> None:
        self._channel.send(wire.encode(pdu))

    def _next(self) -> wire.PDU | wire.Unparsed | None:
        while (pdu := self._incoming.next()) is None:
            data = self._channel.receive(ANSWER_S)
            if not data:
                return None
            self._incoming.feed(data)
        return pdu


def _results(request: wire.AssociateRQ) -> dict[int, tuple[int, str]]:
    results = {}
    for context in wire.proposed_contexts(request):
        fits = context.abstract_syntax == uids.VERIFICATION
        syntax = context.transfer_syntaxes[0] if context.transfer_syntaxes else uids.IMPLICIT_LE
        results[context.id] = (0 if fits else _REFUSED_CONTEXT, syntax)
    return results
