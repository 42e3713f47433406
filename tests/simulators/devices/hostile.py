"""A scripted acceptor for the requestor tests: one connection, any bytes."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace

from simulators import wire
from simulators.wire import uids
from simulators.wire.messages import c_echo_rsp, c_get_rsp, c_store_rq
from simulators.wire.transfer import p_data
from tests.simulators.devices.peer import Peer, dataset

Script = Callable[[Peer, wire.AssociateRQ], None]


class SurprisedError(Exception):
    """The requestor did something else than the script wants."""


@dataclass
class Hostile:
    """What the scripted acceptor saw."""

    port: int
    heard: list[str] = field(default_factory=list[str])


@contextmanager
def acceptor(script: Script, tls: ssl.SSLContext | None = None) -> Iterator[Hostile]:
    """Accept connections and run the script on each; what the script noted is in ``heard``."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        hostile = Hostile(listener.getsockname()[1])
        thread = threading.Thread(target=_serve, args=(listener, script, tls, hostile))
        thread.start()
        try:
            yield hostile
        finally:
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            thread.join(10)


def _serve(
    listener: socket.socket, script: Script, tls: ssl.SSLContext | None, hostile: Hostile
) -> None:
    while True:
        try:
            sock, _ = listener.accept()
        except OSError:
            return
        with sock, suppress(OSError):
            sock.settimeout(10)
            if tls is None:
                _play(Peer(sock), script, hostile)
                continue
            with tls.wrap_socket(sock, server_side=True, do_handshake_on_connect=False) as wrapped:
                wrapped.do_handshake()
                _play(Peer(wrapped), script, hostile)


def _play(peer: Peer, script: Script, hostile: Hostile) -> None:
    request = peer.read_request()
    hostile.heard.append("RQ")
    try:
        script(peer, request)
        hostile.heard.append(peer.hear(4.0))
    except SurprisedError as surprise:
        hostile.heard.append(str(surprise))


def expect(peer: Peer, wanted: str) -> None:
    """Wait for one thing; anything else ends the script."""
    heard = peer.hear()
    if heard != wanted:
        raise SurprisedError(heard)


def acceptance(rq: wire.AssociateRQ, *items: wire.ItemLike) -> wire.AssociateAC:
    results = {
        context.id: (0, context.transfer_syntaxes[0]) for context in wire.proposed_contexts(rq)
    }
    roles = [item for item in wire.user_items_of(rq) if isinstance(item, wire.RoleSelection)]
    return wire.associate_ac(rq, results, user_items=(*roles, *items))


def accept(peer: Peer, rq: wire.AssociateRQ) -> None:
    peer.send(acceptance(rq))


def answer_echo(peer: Peer) -> None:
    expect(peer, "REQUEST")
    peer.send(*p_data(1, c_echo_rsp(1)))


def serve_echo(peer: Peer, rq: wire.AssociateRQ) -> None:
    accept(peer, rq)
    answer_echo(peer)
    grant_release(peer)


def grant_release(peer: Peer) -> None:
    expect(peer, "RELEASE-RQ")
    peer.send(wire.ReleaseRP())


def responding(*things: object) -> Script:
    """Answer the request by something else, and grant the release."""

    def script(peer: Peer, rq: wire.AssociateRQ) -> None:
        accept(peer, rq)
        expect(peer, "REQUEST")
        peer.send(*things)
        grant_release(peer)

    return script


def releasing(peer: Peer, rq: wire.AssociateRQ) -> None:
    """Ask for release instead of answering."""
    accept(peer, rq)
    expect(peer, "REQUEST")
    peer.send(wire.ReleaseRQ())
    expect(peer, "RELEASE-RP")


def before_answer(*things: object) -> Script:
    """Send something else first, then go on honestly."""

    def script(peer: Peer, rq: wire.AssociateRQ) -> None:
        peer.send(*things)
        serve_echo(peer, rq)

    return script


def altered(change: Callable[[wire.AssociateAC], object]) -> Script:
    """Answer with an altered A-ASSOCIATE-AC, then go on honestly."""

    def script(peer: Peer, rq: wire.AssociateRQ) -> None:
        peer.send(change(acceptance(rq)))
        answer_echo(peer)
        grant_release(peer)

    return script


def altered_response(change: Callable[[wire.PDataTF], object]) -> Script:
    def script(peer: Peer, rq: wire.AssociateRQ) -> None:
        accept(peer, rq)
        peer.hear()
        peer.send(*(change(pdu) for pdu in p_data(1, c_echo_rsp(1))))
        grant_release(peer)

    return script


def foreign_context(ac: wire.AssociateAC) -> wire.AssociateAC:
    extra = wire.PresentationContextAC(id=77, result=0, transfer_syntax=uids.IMPLICIT_LE)
    return replace(ac, items=(ac.items[0], extra, *ac.items[1:]))


def other_application_context(ac: wire.AssociateAC) -> wire.AssociateAC:
    return replace(ac, items=(wire.ApplicationContext(name=b"%s%n"), *ac.items[1:]))


def bad_sub_item(ac: wire.AssociateAC) -> wire.AssociateAC:
    user = ac.items[-1]
    assert isinstance(user, wire.UserInformation)
    bad = replace(user, items=(*user.items, wire.AsyncWindow(length=1)))
    return replace(ac, items=(*ac.items[:-1], bad))


def lying_pdv(pdu: wire.PDataTF) -> wire.PDataTF:
    (pdv,) = pdu.pdvs
    assert isinstance(pdv, wire.PDV)
    return replace(pdu, pdvs=(replace(pdv, length=0x7FFFFFFF),))


def oversized_response(peer: Peer, rq: wire.AssociateRQ) -> None:
    accept(peer, rq)
    expect(peer, "REQUEST")
    comment = c_echo_rsp(1).replacing("ErrorComment", "x" * 20000)
    peer.send(*p_data(1, comment, max_length=0))
    grant_release(peer)


def retrieve(uid: str) -> Script:
    """Answer C-GET with one object that has this UID."""

    def script(peer: Peer, rq: wire.AssociateRQ) -> None:
        accept(peer, rq)
        expect(peer, "REQUEST")
        data = dataset(uid, study="1.2.3.4")
        peer.send(*p_data(3, c_store_rq(uids.CT_IMAGE_STORAGE, uid), data))
        peer.hear()
        peer.send(*p_data(1, c_get_rsp(completed=1, remaining=None)))
        grant_release(peer)

    return script


def silent(_peer: Peer, _rq: wire.AssociateRQ) -> None:
    """Do nothing."""
