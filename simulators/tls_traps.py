"""TLS traps for a device that calls us: a server that is too old, too weak, or not the right one.

Acceptance is an A-ASSOCIATE-RQ that reached us (or, for a flight of our own making that cannot
be completed, the next message of the handshake); nothing less.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from harness.errors import PreconditionUnmetError
from harness.stage import Stage
from harness.verdict import Outcome
from simulators import tls, wire
from simulators.acceptor import Acceptor
from simulators.describe import reaction_of
from simulators.lab import lab_of
from simulators.pki import Identity
from simulators.requestor import ANSWER_S
from simulators.tls.codes import ContentType
from simulators.tls.messages import clear_records
from simulators.tls_evidence import Parts, chosen_flight, rows, server_flight_parts
from simulators.tls_hearing import (
    claimed_version,
    conclude_alert,
    conclude_end,
    conclude_handshake,
    emit,
    hear,
    live,
    observe_hello,
    shake,
)
from simulators.tls_trials import witness_certificate

FIRST_WORD_S = 10.0
"""How long a device that has connected may take for its first byte, and for its next one."""

_RETRY_S = 5.0
_MOST_ATTEMPTS = 8
_PLAIN_REQUEST = 0x01
_TLS_RECORD = ContentType.HANDSHAKE


def server_policy(stage: Stage, identity: Identity) -> tls.TlsPolicy:
    """A server of ours at the one version of this case, with that certificate."""
    version = claimed_version(stage)
    honest = lab_of(stage).trust.server
    return replace(honest, minimum=version, maximum=version, identity=identity)


def show_identity(server: Acceptor, identity: Identity, lie: str) -> Outcome:
    """Shows the device a flawed server certificate and waits for its A-ASSOCIATE-RQ.

    Raises:
        NotEmittedError: Our certificate did not leave.
    """
    done = receive_client(server, server_policy(server.stage, identity))
    witness_certificate(server, done, identity, lie)
    return await_request(server, done)


def receive_client(
    server: Acceptor,
    policy: tls.TlsPolicy | tls.LegacyPolicy,
    *,
    ahead: bytes = b"",
    what: str = "",
    lies: tuple[str, ...] = (),
) -> tls.Handshake:
    """Handshakes with the device that has called, and records what its hello offered.

    Args:
        server: Entered with ``hello_only=True``.
        policy: How our side behaves.
        ahead: What was read of the device's hello before.
        what: Record our flight as the stimulus under this name; empty: the stimulus is another.
        lies: Which parts of our ServerHello deviate.
    """
    done, sent = shake(server, policy, FIRST_WORD_S, server_side=True, ahead=ahead)
    server.handshake = done
    if done.client_hello and not ahead:
        observe_hello(server.stage, tls.parse_client_hello(done.client_hello), by="device")
    if what and done.hello_sent:
        parts = rows(server_flight_parts(sent))
        server.witness(sent, len(sent), what=what, parts=parts, lies=lies, stimulus=True)
    return done


def await_request(server: Acceptor, done: tls.Handshake) -> Outcome:
    """Waits for the device's first PDU after a handshake; how that ends is the outcome."""
    if not done.completed:
        return conclude_handshake(server, done)
    pdu = server.receive(ANSWER_S)
    if pdu is None:
        return conclude_end(server)
    outcome, detail = reaction_of(pdu)
    if isinstance(pdu, wire.AssociateRQ):
        detail = {"detail": f"A-ASSOCIATE-RQ over {done.version}, {done.cipher}"}
    return server.conclude(outcome, detail)


def read_hello(server: Acceptor) -> tuple[tls.ClientHello, bytes]:
    """The device's ClientHello, read before any engine meets it.

    Raises:
        PreconditionUnmetError: The device said nothing, or something that is no TLS.
    """
    heard, _ = hear(server, FIRST_WORD_S, _hello_is_whole)
    hello = tls.parse_client_hello(heard)
    if hello.problem:
        shown = heard[:16].hex(" ") or "nothing"
        raise PreconditionUnmetError(f"no ClientHello came from the device but {shown}")
    observe_hello(server.stage, hello, by="device")
    return hello, heard


def choose_unoffered(
    server: Acceptor, hello: tls.ClientHello, version: tls.TlsVersion, suite: int, lie: str
) -> Outcome:
    """Answers with a version or suite that the device did not offer; it must not go along.

    An alert, or an end, is concluded by the caller's words: the outcome is returned and recorded.
    """
    parts = chosen_flight(hello, version, suite, lab_of(server.stage).trust.ours)
    emit(server, parts, what=f"ServerHello: {version}, {tls.suite_name(suite)}", lies=[lie])
    heard, ended = hear(server, FIRST_WORD_S, _has_answer)
    return conclude_clear(server, heard, ended)


def conclude_clear(server: Acceptor, heard: bytes, ended: Outcome | None) -> Outcome:
    """Records what a device said in clear after we refused it, or chose what it did not offer."""
    alert = tls.parse_server_flight(heard).alert
    if alert is not None:
        return conclude_alert(server, alert)
    if heard[:1] == bytes([_PLAIN_REQUEST]):
        return server.conclude(Outcome.ACCEPTED, {"detail": "A-ASSOCIATE-RQ in clear"})
    if heard[:1] in (bytes([_TLS_RECORD]), bytes([ContentType.CHANGE_CIPHER_SPEC])):
        return server.conclude(Outcome.ACCEPTED, {"detail": "went on with the handshake"})
    if heard:
        return server.conclude(Outcome.GARBAGE, {"detail": heard[:16].hex(" ")})
    return server.conclude(ended or Outcome.TIMEOUT)


def attempts(server: Acceptor) -> Iterator[int]:
    """The device's connections of this call, the one that is open first; at most eight.

    Each is the server's own connection while it is yielded, and is closed before the next.
    """
    yield 1
    for number in range(2, _MOST_ATTEMPTS + 1):
        server.close()
        server.channel, server.ended = None, None
        server.connection = server.next_connection(_RETRY_S)
        if server.connection is None:
            return
        yield number


def answer_in_clear(server: Acceptor, parts: Parts, what: str) -> None:
    """Refuses TLS on this connection by plain bytes, and hears what the device does then.

    Whatever the device says first decides alone when it is an A-ASSOCIATE-RQ in clear.
    """
    heard, ended = hear(server, FIRST_WORD_S, _first_word_is_whole)
    if heard[:1] == bytes([_PLAIN_REQUEST]) or ended is not None or not heard:
        conclude_clear(server, heard, ended)
        return
    emit(server, parts, what=what, lies=[])
    more, ended = hear(server, FIRST_WORD_S, _has_answer)
    conclude_clear(server, more, ended)
    live(server)


def _hello_is_whole(heard: bytes) -> bool:
    known = heard[:1] == bytes([_TLS_RECORD])
    return not known or not tls.parse_client_hello(heard).problem


def _first_word_is_whole(heard: bytes) -> bool:
    return heard[:1] == bytes([_PLAIN_REQUEST]) or _hello_is_whole(heard)


def _has_answer(heard: bytes) -> bool:
    return bool(clear_records(heard)) or heard[:1] == bytes([_PLAIN_REQUEST])
