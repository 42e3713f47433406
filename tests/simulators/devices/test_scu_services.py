"""What the requestor queries, retrieves and has committed: strict, or wrong in one way."""

import resource
import socket
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from simulators import wire
from simulators.devices.reference.file_format import file_meta
from simulators.wire import uids
from simulators.wire.messages import (
    c_find_rsp,
    c_get_rsp,
    c_move_rsp,
    c_store_rq,
    n_event_report_rq,
    n_rsp,
)
from simulators.wire.transfer import p_data
from tests.simulators.devices import hostile
from tests.simulators.devices.hostile import Script, acceptor
from tests.simulators.devices.peer import Peer, connected, dataset
from tests.simulators.devices.running import scu

FLAWS = (
    "scu_collects_pending_without_limit",
    "scu_takes_any_object",
    "scu_takes_any_class",
    "scu_believes_counters",
    "scu_ignores_final_status",
    "scu_spins",
    "scu_trusts_uid_it_reads",
    "scu_trusts_study_uid",
    "scu_trusts_uid_that_is_moved",
    "scu_believes_any_report",
)
"""The flaws that are shown here."""

STUDY = "1.2.3.4"
RETRIEVE_CONTEXT, CT_CONTEXT = 1, 3


def call(service: str, port: int, *more: str) -> tuple[str, ...]:
    return (service, "--host", "127.0.0.1", "--port", str(port), "--timeout", "0.8", *more)


def run(script: Script, service: str, *more: str) -> int:
    with acceptor(script) as peer:
        return scu(*call(service, peer.port, *more)).returncode


def answering(*answers: tuple[wire.Command, bytes | None]) -> Script:
    """Answer the one request on its context, then grant the release."""

    def script(peer: Peer, rq: wire.AssociateRQ) -> None:
        hostile.accept(peer, rq)
        hostile.expect(peer, "REQUEST")
        for command, data in answers:
            peer.send(*p_data(RETRIEVE_CONTEXT, command, data))
        hostile.grant_release(peer)

    return script


MATCH = (c_find_rsp(status=0xFF00), dataset())
FOUND = (c_find_rsp(status=0), None)


def test_a_query_ends_at_its_limit_unless_flawed() -> None:
    many = answering(*[MATCH] * 5, FOUND)
    flaw = ("--flaw", "scu_collects_pending_without_limit")
    assert run(many, "find", "--max-matches", "5") == 0
    assert run(many, "find", "--max-matches", "4") == 1
    assert run(many, "find", "--max-matches", "4", *flaw) == 0


def retrieving(
    study: str = STUDY,
    uid: str = "1.2.3.4.9",
    *,
    sop_class: str = uids.CT_IMAGE_STORAGE,
    final: wire.Command | None = None,
) -> Script:
    """Answer C-GET with one CT object of a study, and a final response."""

    def script(peer: Peer, rq: wire.AssociateRQ) -> None:
        hostile.accept(peer, rq)
        hostile.expect(peer, "REQUEST")
        data = dataset(uid, study=study, sop_class=sop_class)
        peer.send(*p_data(CT_CONTEXT, c_store_rq(sop_class, uid), data))
        peer.hear()
        answer = c_get_rsp(completed=1) if final is None else final
        peer.send(*p_data(RETRIEVE_CONTEXT, answer))
        hostile.grant_release(peer)

    return script


def get(script: Script, out: Path, *more: str) -> int:
    out.mkdir(exist_ok=True)
    return run(script, "get", "--out", str(out), "--study", STUDY, *more)


@pytest.mark.parametrize("mode", [(), ("--bit-preserving",), ("--per-study",)])
def test_objects_of_another_study_are_refused_in_every_mode(
    mode: tuple[str, ...], tmp_path: Path
) -> None:
    assert get(retrieving(), tmp_path / "own", *mode) == 0
    assert get(retrieving("1.2.9"), tmp_path / "foreign", *mode) == 1
    assert not list((tmp_path / "foreign").rglob("*.dcm"))


def test_a_flaw_takes_objects_of_another_study(tmp_path: Path) -> None:
    assert get(retrieving("1.2.9"), tmp_path, "--flaw", "scu_takes_any_object") == 0
    assert [path.name for path in tmp_path.glob("*.dcm")] == ["1.2.3.4.9.dcm"]


def test_the_class_must_be_that_of_the_context(tmp_path: Path) -> None:
    strange = retrieving(sop_class=uids.MR_IMAGE_STORAGE)
    assert get(strange, tmp_path) == 1
    assert get(strange, tmp_path, "--flaw", "scu_takes_any_class") == 0


FINALS: dict[str, wire.Command] = {
    "failure": c_get_rsp(status=0xA702, completed=1),
    "warning": c_get_rsp(status=0xB000, completed=1, failed=1),
    "failed objects": c_get_rsp(status=0, completed=1, failed=1),
}


@pytest.mark.parametrize("name", list(FINALS))
def test_an_incomplete_retrieval_is_no_success(name: str, tmp_path: Path) -> None:
    script = retrieving(final=FINALS[name])
    assert get(script, tmp_path) == 1
    assert get(script, tmp_path, "--flaw", "scu_ignores_final_status") == 0
    believed = get(script, tmp_path, "--flaw", "scu_believes_counters")
    assert believed == (0 if name == "failure" else 1)


def test_each_mode_has_a_flaw_of_its_own(tmp_path: Path) -> None:
    climbing = retrieving(uid="../escaped")
    for number, flaw in enumerate(("", "scu_trusts_uid", "scu_trusts_uid_it_reads")):
        out = tmp_path / str(number) / "out"
        out.parent.mkdir()
        get(climbing, out, *(("--flaw", flaw) if flaw else ()))
        assert (out.parent / "escaped").exists() is (flaw == "scu_trusts_uid_it_reads")


def test_a_study_is_a_folder_inside_unless_flawed(tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert get(retrieving(), out, "--per-study") == 0
    assert (out / STUDY / "1.2.3.4.9.dcm").exists()
    assert get(retrieving("../escaped"), out, "--per-study") == 1
    assert not (tmp_path / "escaped").exists()
    flaw = ("--flaw", "scu_trusts_study_uid")
    assert get(retrieving("../escaped"), out, "--per-study", *flaw) == 0
    assert (tmp_path / "escaped").is_dir()


def test_a_move_that_failed_is_no_success(tmp_path: Path) -> None:
    more = ("--out", str(tmp_path), "--listen-port", str(_free_port()))
    assert run(answering((c_move_rsp(status=0), None)), "move", *more) == 0
    failed = answering((c_move_rsp(status=0xA801, failed=1), None))
    assert run(failed, "move", *more) == 1
    assert run(failed, "move", *more, "--flaw", "scu_ignores_final_status") == 0


def test_what_is_moved_stays_inside_unless_flawed(tmp_path: Path) -> None:
    def moving(port: int) -> Script:
        def script(peer: Peer, rq: wire.AssociateRQ) -> None:
            hostile.accept(peer, rq)
            hostile.expect(peer, "REQUEST")
            with connected(port) as mover:
                context = wire.Context(3, uids.CT_IMAGE_STORAGE, (uids.EXPLICIT_LE,))
                mover.associate(wire.associate_rq("DEVICE", "ARCHIVE", (context,)))
                mover.store(dataset("../escaped"), "../escaped")
                mover.release()
            peer.send(*p_data(RETRIEVE_CONTEXT, c_move_rsp(status=0, completed=1)))
            hostile.grant_release(peer)

        return script

    for flaw in ("", "scu_trusts_uid_that_is_moved"):
        port, out = _free_port(), tmp_path / f"{flaw or 'sound'}" / "out"
        titles = ("--called", "ARCHIVE", "--calling", "DEVICE", "--out", str(out))
        run(moving(port), "move", "--listen-port", str(port), *titles, *_flawed(flaw))
        assert (out.parent / "escaped").exists() is bool(flaw)


def _flawed(flaw: str) -> tuple[str, ...]:
    return ("--flaw", flaw) if flaw else ()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def test_a_peer_that_does_not_read_costs_no_processor_unless_flawed(tmp_path: Path) -> None:
    large = tmp_path / "large.dcm"
    large.write_bytes(_large_file())

    def cpu(*more: str) -> float:
        silent = threading.Event()

        def script(peer: Peer, rq: wire.AssociateRQ) -> None:
            hostile.accept(peer, rq)
            silent.wait(3.0)

        with acceptor(script) as peer:
            before = _children_s()
            done = scu(*call("store", peer.port, "--file", str(large), *more))
            silent.set()
        assert done.returncode == 1
        return _children_s() - before

    assert cpu("--flaw", "scu_spins") > cpu() + 0.2


def _children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _large_file() -> bytes:
    pixels = wire.Element(tag=0x7FE00010, vr="OW", value=bytes(24 << 20))
    data = dataset(more=(pixels,))
    syntax = uids.EXPLICIT_LE.encode()
    return file_meta(uids.CT_IMAGE_STORAGE.encode(), b"1.2.3.4.5", syntax) + data


class Archive:
    """Takes an N-ACTION, and reports on an association of its own."""

    def __init__(self, listen_port: int, report: Callable[[bytes], bytes], calling: str) -> None:
        self.listen_port = listen_port
        self.report = report
        self.calling = calling

    def __call__(self, peer: Peer, rq: wire.AssociateRQ) -> None:
        hostile.accept(peer, rq)
        hostile.expect(peer, "REQUEST")
        assert peer.last is not None
        asked = peer.last.dataset or b""
        push, instance = uids.STORAGE_COMMITMENT_PUSH, uids.STORAGE_COMMITMENT_PUSH_INSTANCE
        peer.send(*p_data(1, n_rsp(0x0130, push, instance, 1, ActionTypeID=1)))
        with socket.create_connection(("127.0.0.1", self.listen_port), 5) as sock:
            reporter = Peer(sock)
            context = wire.Context(1, push, (uids.EXPLICIT_LE,))
            reporter.send(wire.associate_rq("DEVICE", self.calling, (context,)))
            if reporter.hear() == "AC":
                request = n_event_report_rq(push, instance, 1, has_data=True)
                reporter.send(*p_data(1, request, self.report(asked)))
                reporter.hear()
        hostile.grant_release(peer)


def _same(asked: bytes) -> bytes:
    return asked


def _another(asked: bytes) -> bytes:
    return asked.replace(b"2.25.", b"2.26.", 1)


@pytest.mark.parametrize(
    ("report", "calling", "believed"),
    [(_same, "ARCHIVE", True), (_another, "ARCHIVE", False), (_same, "STRANGER", False)],
)
def test_only_the_answer_of_the_archive_is_believed(
    report: Callable[[bytes], bytes], calling: str, believed: bool, tmp_path: Path
) -> None:
    for flaw in ("", "scu_believes_any_report"):
        mine = tmp_path / "mine.dcm"
        mine.write_bytes(_small_file())
        port = _free_port()
        more = ("--file", str(mine), "--listen-port", str(port), "--called", "ARCHIVE")
        more += ("--calling", "DEVICE", *(("--flaw", flaw) if flaw else ()))
        code = run(Archive(port, report, calling), "commit", *more)
        deleted = believed or bool(flaw)
        assert (code == 0, not mine.exists()) == (deleted, deleted)


def _small_file() -> bytes:
    syntax = uids.EXPLICIT_LE.encode()
    return file_meta(uids.CT_IMAGE_STORAGE.encode(), b"1.2.3.4.5", syntax) + dataset()
