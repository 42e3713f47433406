"""One probe per acceptor flaw: what a peer sees, as a word, of a sound and of a flawed device."""

import socket
import struct
import subprocess
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace

from simulators import wire
from simulators.wire import uids
from simulators.wire.messages import c_echo_rq, c_find_rq, c_get_rq, c_store_rq
from simulators.wire.transfer import p_data
from tests.simulators.devices.peer import (
    CONTEXTS,
    UID,
    Peer,
    associated,
    connected,
    dataset,
    echoes,
    request,
)
from tests.simulators.devices.running import Running

Probe = Callable[[Running], str]


@dataclass(frozen=True)
class Expectation:
    probe: Probe
    sound: str
    flawed: str
    arguments: tuple[str, ...] = ()


def first(*things: object, seconds: float = 0.9) -> Probe:
    """Send without an association and listen."""

    def probe(it: Running) -> str:
        with connected(it.port) as peer:
            peer.send(*things)
            return peer.hear(seconds)

    return probe


def then(act: Callable[[Peer], str]) -> Probe:
    """Do something on an association."""

    def probe(it: Running) -> str:
        with associated(it.port) as peer:
            return act(peer)

    return probe


def with_user_item(item: wire.ItemLike) -> wire.AssociateRQ:
    return wire.associate_rq("REFERENCE", "ASSAY", CONTEXTS, user_items=(item,))


def with_contexts(*contexts: wire.Context) -> wire.AssociateRQ:
    return wire.associate_rq("REFERENCE", "ASSAY", contexts)


def with_application_context(name: bytes) -> wire.AssociateRQ:
    rq = request()
    return replace(rq, items=(wire.ApplicationContext(name=name), *rq.items[1:]))


def forged_log_line(it: Running) -> str:
    with connected(it.port) as peer:
        peer.send(request(calling="A\nFORGED"))
        peer.hear()
    return "forged" if any(line.startswith("FORGED") for line in it.log.splitlines()) else "escaped"


def grows(act: Callable[[Running], object], limit_mib: float) -> Probe:
    """Tell whether peak memory rises by more than a limit."""

    def probe(it: Running) -> str:
        echoes(it.port)
        before = it.peak_mib()
        act(it)
        return "grows" if it.peak_mib() - before > limit_mib else "stays"

    return probe


def impossible_pdv(peer: Peer) -> str:
    (pdu,) = p_data(1, c_echo_rq())
    (pdv,) = pdu.pdvs
    assert isinstance(pdv, wire.PDV)
    peer.send(replace(pdu, pdvs=(replace(pdv, length=0xFFFFFFFC),)))
    return peer.hear()


def oversized(peer: Peer) -> str:
    pixels = wire.Element(tag=0x7FE00010, vr="OB", value=bytes(1 << 16))
    cmd = c_store_rq(uids.CT_IMAGE_STORAGE, UID + ".10")
    peer.send(*p_data(3, cmd, dataset(UID + ".10", more=(pixels,)), max_length=0))
    return peer.hear()


def two_requests_in_a_row(peer: Peer) -> str:
    peer.send(request())
    return peer.hear()


def small_maximum(it: Running) -> str:
    with associated(it.port, request(max_length=4)) as peer:
        return peer.echo()


def after_release(peer: Peer) -> str:
    assert peer.release() == "RELEASE-RP"
    peer.send(wire.RawPDU(type=6, body=bytes(4)))
    return peer.hear(1.0)


def find_request(**keys: str) -> list[wire.PDataTF]:
    identifier = wire.encode_dataset(
        [
            wire.Element(tag=0x00080052, vr="CS", value="STUDY"),
            wire.Element(tag=0x0020000D, vr="UI", value=keys.get("study", "")),
        ],
        "explicit",
    )
    return p_data(5, c_find_rq(), identifier)


def collision(it: Running) -> str:
    with associated(it.port) as peer:
        peer.send(*find_request(), wire.ReleaseRQ())
        peer.hear()
    try:
        it.process.wait(1)
    except subprocess.TimeoutExpired:
        return "lives"
    return f"died {it.process.returncode}"


def other_class(peer: Peer) -> str:
    other = uids.MR_IMAGE_STORAGE
    return peer.ask(3, c_store_rq(other, UID + ".8"), dataset(UID + ".8", sop_class=other))


def data_first(peer: Peer) -> str:
    data = dataset(UID + ".6")
    early = p_data(3, None, data)
    peer.send(*early, *p_data(3, c_store_rq(uids.CT_IMAGE_STORAGE, UID + ".6")))
    return peer.hear()


def undeclared_data(peer: Peer) -> str:
    cmd = c_store_rq(uids.CT_IMAGE_STORAGE, UID + ".7").replacing("CommandDataSetType", 0x0101)
    return peer.ask(3, cmd, dataset(UID + ".7"))


def crowd(it: Running) -> str:
    """Silent connections; then, is an honest peer served while they last, and afterwards?"""
    socks = [socket.create_connection(("127.0.0.1", it.port)) for _ in range(16)]
    try:
        # One patient look; the others arrived at the same time.
        closed = [_closed(sock, 0.05 if at else 1.5) for at, sock in enumerate(socks)]
        return f"{'closed' if all(closed) else 'open'} {echoes(it.port)}"
    finally:
        for sock in socks:
            sock.close()


def _closed(sock: socket.socket, seconds: float) -> bool:
    sock.settimeout(seconds)
    try:
        return sock.recv(1) == b""
    except TimeoutError:
        return False


def idle(it: Running) -> str:
    with associated(it.port) as peer:
        return peer.hear(1.5)


def resets(it: Running) -> str:
    for _ in range(8):
        with associated(it.port) as peer:
            peer.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    with connected(it.port) as peer:
        peer.send(request())
        return peer.hear()


def errors(it: Running) -> str:
    for _ in range(10):
        with connected(it.port) as peer:
            peer.send(request())
            if peer.hear() != "AC":
                break
            peer.ask(1, b"\x01\x02\x03")
    with connected(it.port) as peer:
        peer.send(request())
        return peer.hear()


def stored_outside(uid: str, study: str = "1.2.3.4") -> Probe:
    def probe(it: Running) -> str:
        before = {p for p in it.storage.parent.rglob("*") if it.storage not in p.parents}
        with associated(it.port) as peer:
            peer.store(dataset(uid, study=study), uid)
        after = {p for p in it.storage.parent.rglob("*") if it.storage not in p.parents}
        return "outside" if after - before else "inside"

    return probe


def bulk(length: int) -> bytes:
    element = wire.Element(tag=0x7FE00010, vr="OW", value=b"\0\0", length=length)
    return dataset(UID + ".9", more=(element,))


def nested(depth: int) -> bytes:
    return dataset(UID + f".2{depth}", more=(wire.nested(depth),))


def bomb(it: Running) -> None:
    plain = dataset(
        UID + ".3", more=(wire.Element(tag=0x7FE00010, vr="OB", value=bytes(96 << 20)),)
    )
    packer = zlib.compressobj(wbits=-15)
    packed = packer.compress(plain) + packer.flush()
    with associated(it.port) as peer:
        peer.store(packed + b"\0" * (len(packed) % 2), UID + ".3", context_id=7)


def named(called: str = "REFERENCE", calling: str = "ASSAY", source: str = "127.0.0.1") -> Probe:
    def probe(it: Running) -> str:
        with connected(it.port, source) as peer:
            peer.send(request(called, calling))
            return peer.hear()

    return probe


def stranger_stores(it: Running) -> str:
    with connected(it.port) as peer:
        peer.send(request(calling="STRANGER"))
        heard = peer.hear()
        return heard if heard != "AC" else peer.store(dataset(UID + ".4"), UID + ".4")


def retrieves(it: Running) -> str:
    with associated(it.port, with_contexts(wire.Context(1, uids.STUDY_ROOT_GET))) as peer:
        return peer.ask(1, c_get_rq(), wire.encode_dataset(NO_STUDY_KEYS, "implicit"))


def huge_header(it: Running) -> None:
    with connected(it.port) as peer:
        peer.send(b"\x01\0" + (300 << 20).to_bytes(4, "big"))
        peer.hear(1.0)


def inflated_value(it: Running) -> None:
    with associated(it.port) as peer:
        peer.store(bulk(300 << 20), UID + ".9")


ECHO = c_echo_rq()
CLASS_UID = uids.CT_IMAGE_STORAGE
HTTP = b"GET / HTTP/1.1\r\n\r\n"
ALLOW = ("--calling", "ASSAY")
NO_STUDY_KEYS = (
    wire.Element(tag=0x00080052, vr="CS", value="STUDY"),
    wire.Element(tag=0x0020000D, vr="UI", value=UID + ".404"),
)
NO_STUDY = wire.encode_dataset(NO_STUDY_KEYS, "explicit")
DEFLATED = dataset(UID + ".7", syntax="deflated")

PROBES: dict[str, Expectation] = {
    "unknown_pdu_ignored": Expectation(
        first(wire.RawPDU(type=0x77, body=bytes(4))), "ABORT 0/0", "SILENT"
    ),
    "answers_any_protocol": Expectation(first(HTTP), "ABORT 0/0", "BYTES"),
    "trusts_pdu_length": Expectation(grows(huge_header, 100), "stays", "grows"),
    "ignores_pdu_length_mismatch": Expectation(
        first(replace(request(), length=len(wire.encode(request())) - 7)), "ABORT 0/0", "AC"
    ),
    "ignores_subitem_length": Expectation(
        first(with_user_item(wire.AsyncWindow(length=1))), "ABORT 0/0", "AC"
    ),
    "accepts_any_uid": Expectation(
        first(with_contexts(wire.Context(1, "1" * 65))), "ABORT 0/0", "AC"
    ),
    "accepts_bad_context_ids": Expectation(
        first(with_contexts(wire.Context(2, uids.VERIFICATION))), "ABORT 0/0", "AC"
    ),
    "ignores_application_context": Expectation(
        first(with_application_context(b"%s%n")), "RJ 1/1/2", "AC"
    ),
    "raw_log": Expectation(forged_log_line, "escaped", "forged"),
    "ignores_protocol_version": Expectation(
        first(replace(request(), protocol_version=0x8000)), "RJ 1/2/2", "AC"
    ),
    "processes_early_pdata": Expectation(first(*p_data(1, ECHO)), "ABORT 0/0", "RESPONDED 0000"),
    "ignores_state_table": Expectation(then(two_requests_in_a_row), "ABORT 2/2", "AC"),
    "ignores_pdv_length": Expectation(
        then(impossible_pdv),
        "ABORT 2/6",
        "RESPONDED 0000",
    ),
    "max_pdu_not_enforced": Expectation(
        then(oversized),
        "ABORT 2/6",
        "RESPONDED 0000",
    ),
    "answers_unaccepted_context": Expectation(
        then(lambda p: p.ask(99, ECHO)), "ABORT 2/6", "RESPONDED 0000"
    ),
    "ignores_peer_max_length": Expectation(small_maximum, "ABORT 0/0", "RESPONDED 0000"),
    "no_artim_after_abort": Expectation(then(after_release), "CLOSED", "SILENT"),
    "dies_on_release_collision": Expectation(collision, "lives", "died -11"),
    "tolerates_missing_command_elements": Expectation(
        then(lambda p: p.ask(1, ECHO.without("AffectedSOPClassUID"))),
        "RESPONDED 0120",
        "RESPONDED 0000",
    ),
    "tolerates_wrong_command_vr": Expectation(
        then(lambda p: p.ask(1, ECHO.replacing("MessageID", b"\1\0\0"))),
        "RESPONDED 0212",
        "RESPONDED 0000",
    ),
    "answers_any_command": Expectation(
        then(lambda p: p.ask(1, ECHO.replacing("CommandField", 0xFFFF))),
        "ABORT 0/0",
        "RESPONDED 0000",
    ),
    "ignores_sop_class_of_context": Expectation(
        then(other_class), "RESPONDED 0122", "RESPONDED 0000"
    ),
    "ignores_uid_mismatch": Expectation(
        then(lambda p: p.store(dataset(UID + ".5"), UID + ".55")),
        "RESPONDED A900",
        "RESPONDED 0000",
    ),
    "ignores_fragment_flags": Expectation(then(data_first), "ABORT 2/5", "RESPONDED 0000"),
    "ignores_data_set_type": Expectation(then(undeclared_data), "RESPONDED 0212", "RESPONDED 0000"),
    "no_artim": Expectation(crowd, "closed True", "open False"),
    "never_times_out_idle": Expectation(idle, "ABORT 0/0", "SILENT"),
    "leaks_slot_on_reset": Expectation(resets, "AC", "RJ 2/3/2"),
    "worker_lost_on_error": Expectation(errors, "AC", "SILENT"),
    "raw_file_name": Expectation(stored_outside("../escaped.dcm"), "inside", "outside"),
    "dots_only_directory": Expectation(stored_outside(UID + ".1", ".."), "inside", "outside"),
    "ae_title_directory": Expectation(named(called=".."), "RJ 1/1/7", "AC"),
    "allocates_value_length": Expectation(grows(inflated_value, 100), "stays", "grows"),
    "recurses_without_limit": Expectation(
        then(lambda p: p.store(nested(1000), UID + ".21000")), "RESPONDED C000", "CLOSED"
    ),
    "inflates_without_limit": Expectation(grows(bomb, 120), "stays", "grows"),
    "unknown_ae_may_query": Expectation(named(calling="STRANGER"), "RJ 1/1/3", "AC", ALLOW),
    "fails_echo": Expectation(then(lambda p: p.ask(1, ECHO)), "RESPONDED 0000", "RESPONDED 0110"),
    "fails_store": Expectation(
        then(lambda p: p.store(dataset(UID + ".6"), UID + ".6")), "RESPONDED 0000", "RESPONDED 0110"
    ),
    "fails_find": Expectation(
        then(lambda p: p.ask(5, c_find_rq(), NO_STUDY)), "RESPONDED 0000", "RESPONDED 0110"
    ),
    "fails_get": Expectation(retrieves, "RESPONDED 0000", "RESPONDED 0110"),
    "refuses_nested": Expectation(
        then(lambda p: p.store(nested(2), UID + ".22")), "RESPONDED 0000", "RESPONDED C000"
    ),
    "refuses_deflated": Expectation(
        then(lambda p: p.store(DEFLATED, UID + ".7", context_id=7)),
        "RESPONDED 0000",
        "RESPONDED A700",
    ),
    "unknown_ae_may_store": Expectation(stranger_stores, "RJ 1/1/3", "RESPONDED 0000", ALLOW),
    "ignores_called_ae": Expectation(named(called="NOBODY"), "RJ 1/1/7", "AC"),
    "ignores_source_host": Expectation(
        named(source="127.0.0.2"), "RJ 1/1/3", "AC", ("--calling", "ASSAY=127.0.0.1")
    ),
}
"""By flaw; the flaws of TLS are probed in test_tls.py."""
