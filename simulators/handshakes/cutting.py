"""Connections that are cut in mid-message, without the goodbye of TLS, in both roles.

A FIN that nobody authenticated can be forged by anybody on the line (RFC 8446 6.1). What came
before it is authentic, but nobody knows whether it is all.
"""

from __future__ import annotations

from harness.stage import Stage
from harness.verdict import Outcome
from simulators import wire
from simulators.acceptor import SILENCE, Acceptor
from simulators.describe import reaction_of
from simulators.handshakes.evidence import rows
from simulators.handshakes.hearing import (
    conclude_disagreement,
    conclude_end,
    conclude_handshake,
    live,
)
from simulators.handshakes.tampering import Line, shake_over_line
from simulators.handshakes.traps import FIRST_WORD_S, server_policy
from simulators.handshakes.trials import client_policy, require_served
from simulators.lab import lab_of
from simulators.objects import SyntheticObject, synthetic_dataset, synthetic_object
from simulators.peer import GRACE_S, Peer
from simulators.queries import STORAGE, read_back
from simulators.requestor import ANSWER_S, Requestor

WAYS = ("by FIN", "by RST", "by FIN inside a record")
"""How a C-STORE is cut after a part of its data set."""

PLACES = (
    "before the A-ASSOCIATE-AC",
    "inside the A-ASSOCIATE-AC",
    "before the C-ECHO-RSP",
    "inside the C-ECHO-RSP",
)
"""Where our answers to a C-ECHO are cut."""

_PIXEL_DATA = bytes.fromhex("e07f1000")
_SETTLED_S = 0.5


def cut_store(stage: Stage, way: str) -> None:
    """Cuts a C-STORE before its pixel data, and asks whether the device keeps what it has.

    The part that arrives is a data set by itself, so that a device that takes the end of the
    connection for the end of the object finds nothing wrong with it.

    Args:
        stage: The play.
        way: One of :data:`WAYS`.
    """
    policy = client_policy(stage, lab_of(stage).trust.ours)
    require_served(stage, policy)
    with Requestor(stage, plain_on_tls=True) as peer:
        line, done = shake_over_line(peer, policy, stage.artim_s + GRACE_S, server_side=False)
        if not done.completed:
            conclude_handshake(peer, done)
            return
        peer.associate((STORAGE,))
        thing = synthetic_object(stage, 1, transfer_syntax=peer.contexts[STORAGE.id])
        _send_first_part(peer, line, thing, inside=way.endswith("record"))
        if way == "by RST":
            peer.close(reset=True)
            peer.conclude(Outcome.RESET, {"detail": "by us"})
        else:
            live(peer).half_close()
            peer.wait_for_ending()
    # A device that keeps what it has does so at once; nothing on the line tells when.
    stage.cancelled.wait(_SETTLED_S)
    read_back(stage, thing, str(synthetic_dataset(stage, 1).SeriesInstanceUID))


def cut_answers(server: Acceptor, place: str) -> Outcome:
    """Cuts our answers to a C-ECHO; how the device takes it is the outcome.

    Args:
        server: Entered with ``hello_only=True``.
        place: One of :data:`PLACES`.
    """
    policy = server_policy(server.stage, lab_of(server.stage).trust.ours)
    line, done = shake_over_line(server, policy, FIRST_WORD_S, server_side=True)
    if not done.completed:
        return conclude_disagreement(server, done)
    request = server.receive(ANSWER_S)
    if not isinstance(request, wire.AssociateRQ):
        return conclude_end(server) if request is None else server.conclude(*reaction_of(request))
    server.request = request
    if place.endswith("A-ASSOCIATE-AC"):
        return _cut_at(server, line, server.accept(), place)
    server.establish()
    message = server.message(ANSWER_S)
    if message is None:
        return conclude_end(server)
    answer = wire.c_echo_rsp(message.command.integer("MessageID") or 0)
    pdu = next(iter(wire.p_data(message.context_id, answer)))
    return _cut_at(server, line, pdu, place)


def _send_first_part(peer: Requestor, line: Line, thing: SyntheticObject, *, inside: bool) -> None:
    command = wire.c_store_rq(thing.sop_class, thing.sop_instance, message_id=1)
    for pdu in wire.p_data(STORAGE.id, command, None):
        peer.send(pdu)
    at = thing.dataset.index(_PIXEL_DATA)
    first = _fragment(thing.dataset[:at], last=False)
    if not inside:
        peer.send(first, stimulus=True, what="the first part of a data set, then the end")
        return
    peer.send(first)
    line.cut()
    if peer.channel is not None:
        peer.channel.send(wire.encode(_fragment(thing.dataset[at:], last=True)))
    _witness_cut(peer, line, "half the record with the last part of a data set, then the end")


def _fragment(data: bytes, *, last: bool) -> wire.PDataTF:
    pdv = wire.PDV(context_id=STORAGE.id, command=False, last=last, data=data)
    return wire.PDataTF(pdvs=(pdv,))


def _cut_at(server: Acceptor, line: Line, pdu: wire.PDU, place: str) -> Outcome:
    if place.startswith("inside"):
        line.cut()
        if server.channel is not None:
            server.channel.send(wire.encode(pdu))
        _witness_cut(server, line, f"the end {place}")
    else:
        server.stage.observe(
            "emitted", server.actor, connection=live(server).number, bytes=0, sent=0, sha256="",
            what=f"{SILENCE}: the end {place}", head="", parts=[], lies=[], stimulus=True,
        )  # fmt: skip
        live(server).stimulated()
    live(server).half_close()
    return server.see_out()


def _witness_cut(peer: Peer, line: Line, what: str) -> None:
    record = line.altered
    parts = [("record.header", record[:5]), ("first half of the body", record[5:])]
    lies = ["first half of the body"]
    peer.witness(record, line.left, what=what, parts=rows(parts), lies=lies, stimulus=True)
