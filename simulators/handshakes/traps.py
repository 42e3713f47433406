"""TLS traps for a device that calls us: a server that is too old, too weak, or not the right one.

Acceptance is an A-ASSOCIATE-RQ that reached us (or, for a flight of our own making that cannot
be completed, the next message of the handshake); nothing less.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from harness.stage import Stage
from harness.verdict import Outcome
from simulators import tls, wire
from simulators.acceptor import Acceptor
from simulators.describe import reaction_of
from simulators.handshakes.evidence import Parts, rows, server_flight_parts
from simulators.handshakes.hearing import (
    claimed_versions,
    conclude_alert,
    conclude_disagreement,
    conclude_end,
    conclude_handshake,
    emit,
    hear,
    observe_hello,
    shake,
)
from simulators.handshakes.trials import witness_certificate
from simulators.lab import lab_of
from simulators.peer import Peer
from simulators.pki import Identity
from simulators.requestor import ANSWER_S
from simulators.tls.codes import ContentType, Extension
from simulators.tls.messages import records

FIRST_WORD_S = 10.0
"""How long a device that has connected may take for its first byte, and for its next one."""

_RETRY_S = 5.0
_MOST_ATTEMPTS = 8
_PLAIN_REQUEST = 0x01
_AES_128_CBC = 0x002F


def server_policy(stage: Stage, identity: Identity) -> tls.TlsPolicy:
    """A server of ours with the versions of this case, and with that certificate."""
    lowest, highest = claimed_versions(stage)
    honest = lab_of(stage).trust.server
    return replace(honest, minimum=lowest, maximum=highest, identity=identity)


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
    policy: tls.AnyPolicy,
    *,
    ahead: bytes = b"",
    what: str = "",
    lies: tuple[str, ...] = (),
    honest: bool = False,
) -> tls.Handshake:
    """Handshakes with the device that has called, and records what its hello offered.

    Args:
        server: Entered with ``hello_only=True``.
        policy: How our side behaves.
        ahead: What was read of the device's hello before.
        what: Record our flight as the stimulus under this name; empty: the stimulus is another.
        lies: Which parts of our ServerHello deviate.
        honest: Nothing deviates, so that our own alert counts as the stimulus too: an honest
            server that finds nothing to agree on has said so by it.
    """
    done, sent = shake(server, policy, FIRST_WORD_S, server_side=True, ahead=ahead)
    server.handshake = done
    if done.client_hello and not ahead:
        observe_hello(server.stage, tls.parse_client_hello(done.client_hello), by="device")
    honest = honest or server.stage.scenario.positive
    if what and (done.hello_sent or (sent and honest)):
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


def read_hello(server: Acceptor) -> tuple[tls.ClientHello, bytes] | None:
    """The device's ClientHello, parsed and raw, read before any engine meets it.

    None when it sent none; an A-ASSOCIATE-RQ in clear instead is recorded as the outcome.
    """
    heard, ended = hear(server, FIRST_WORD_S, _first_word_is_whole)
    hello = tls.parse_client_hello(heard)
    if hello.problem:
        if heard:
            conclude_clear(server, heard, ended)
        return None
    observe_hello(server.stage, hello, by="device")
    return hello, heard


def answer_in_version(server: Acceptor, version: tls.TlsVersion) -> None:
    """A server of one old version, on every connection that the device tries in this call.

    Where the device offers the version, the handshake is played to its end. Where it does not,
    the version is chosen all the same, as a server does that knows no supported_versions.
    """
    ours = lab_of(server.stage).trust.ours
    for _ in attempts(server):
        read = read_hello(server)
        if read is None:
            continue
        hello, heard = read
        if not _could_speak(hello, version):
            choose_unoffered(server, hello, version, _old_suite(hello), "server_version")
            continue
        policy = tls.LegacyPolicy.version(version, ours)
        what = f"ServerHello of a server that speaks {version} only"
        done = receive_client(server, policy, ahead=heard, what=what, lies=("server_version",))
        await_request(server, done)


def answer_with_suites(server: Acceptor, weakness: tls.LegacyClass) -> None:
    """A server of TLS 1.2 with one class of weak suites only.

    A device that offers none of them is NOT_OFFERED, once it has refused one that was chosen all
    the same; otherwise the handshake is played to its end.
    """
    ours = lab_of(server.stage).trust.ours
    read = read_hello(server)
    if read is None:
        return
    hello, heard = read
    weak = tls.suites(weakness)
    if set(weak) & set(hello.suites):
        policy = tls.LegacyPolicy.weak(weakness, ours)
        what = f"ServerHello of a server with {weakness} suites only"
        done = receive_client(server, policy, ahead=heard, what=what, lies=("cipher_suite",))
        await_request(server, done)
        return
    suite = next((one for one in weak if _by_rsa(one)), weak[0])
    outcome = choose_unoffered(server, hello, tls.TlsVersion.TLS1_2, suite, "cipher_suite")
    if outcome in (Outcome.ALERT, Outcome.CLOSED, Outcome.RESET):
        detail = f"none of the suites offered is of class {weakness}"
        server.conclude(Outcome.NOT_OFFERED, {"detail": detail})


def serve_echo(server: Acceptor, done: tls.Handshake) -> Outcome:
    """Serves the device's C-ECHO honestly over the handshake that was done, and hangs up.

    Some devices end only when the connection does (PS3.8 9.2.3, AR-3, would have them close it).
    """
    if not done.completed:
        return conclude_disagreement(server, done)
    request = server.receive(ANSWER_S)
    if request is None:
        return conclude_end(server)
    if not isinstance(request, wire.AssociateRQ):
        return server.conclude(*reaction_of(request))
    server.request = request
    server.establish()
    message = server.message(ANSWER_S)
    if message is None:
        return conclude_end(server)
    answer = wire.c_echo_rsp(message.command.integer("MessageID") or 0)
    for pdu in wire.p_data(message.context_id, answer):
        server.send(pdu)
    outcome = server.wait_for_ending(ANSWER_S)
    server.grant_release()
    server.close()
    return outcome


def choose_unoffered(
    server: Acceptor, hello: tls.ClientHello, version: tls.TlsVersion, suite: int, lie: str
) -> Outcome:
    """Chooses a version or suite that the device did not offer; its reaction is the outcome."""
    offer = tls.ServerOffer(version=version, suite=suite)
    parts = tls.server_flight(hello, offer, lab_of(server.stage).trust.ours)
    emit(server, parts, what=f"ServerHello: {version}, {tls.suite_name(suite)}", lies=[lie])
    return conclude_clear(server, *hear(server, FIRST_WORD_S, _has_answer))


def answer_in_clear(server: Acceptor, parts: Parts, what: str) -> None:
    """Refuses TLS by plain bytes, on every connection that the device tries in this call."""
    for _ in attempts(server):
        if read_hello(server) is not None:
            emit(server, parts, what=what, lies=[])
            conclude_clear(server, *hear(server, FIRST_WORD_S, _has_answer))


def conclude_clear(server: Peer, heard: bytes, ended: Outcome | None) -> Outcome:
    """Records what the device said in clear; ACCEPTED when it spoke DICOM or went along."""
    found, _ = records(heard)
    first = found[0] if found else None
    if first is not None and first.type == ContentType.ALERT and len(first.body) == 2:
        return conclude_alert(server, tls.Alert(first.body[0], first.body[1]))
    if first is not None and first.type == ContentType.HANDSHAKE:
        return server.conclude(Outcome.ACCEPTED, {"detail": "went on with the handshake"})
    if heard[:1] == bytes([_PLAIN_REQUEST]):
        return server.conclude(Outcome.ACCEPTED, {"detail": "A-ASSOCIATE-RQ in clear"})
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


def _first_word_is_whole(heard: bytes) -> bool:
    no_tls = heard[:1] != bytes([ContentType.HANDSHAKE])
    return no_tls or not tls.parse_client_hello(heard).problem


def _has_answer(heard: bytes) -> bool:
    return bool(records(heard)[0]) or heard[:1] == bytes([_PLAIN_REQUEST])


def _could_speak(hello: tls.ClientHello, version: tls.TlsVersion) -> bool:
    """The device offers the version, and a suite that exists below TLS 1.2.

    A hello without supported_versions names its highest version only (RFC 5246 E.1).
    """
    explicit = Extension.SUPPORTED_VERSIONS in hello.extensions
    offered = version in hello.versions if explicit else hello.client_version >= version
    return offered and any(name.endswith("_CBC_SHA") for name in hello.suite_names)


def _old_suite(hello: tls.ClientHello) -> int:
    """A suite that the device offers, below TLS 1.3 where there is one."""
    below = [one for one in hello.suites if not _is_tls13(one)]
    return next((one for one in below if _by_rsa(one)), below[0] if below else _AES_128_CBC)


def _by_rsa(suite: int) -> bool:
    """With RSA key exchange: the flight needs no ServerKeyExchange."""
    return tls.suite_name(suite).startswith("TLS_RSA_WITH_")


def _is_tls13(suite: int) -> bool:
    known = tls.suite(suite)
    return known is not None and known.weakness in ("tls13", "signal")
