"""The acceptor without flaws: services, limits, refusals and twins."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from simulators import wire
from simulators.wire import uids
from simulators.wire.messages import c_echo_rq, c_find_rq, c_get_rq, c_move_rq
from simulators.wire.transfer import p_data
from tests.simulators.devices.peer import (
    UID,
    associated,
    connected,
    dataset,
    echoes,
    request,
)
from tests.simulators.devices.running import ENV, Running, reference


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with reference(tmp_path_factory.mktemp("acceptor"), idle=1.5) as running:
        yield running


def test_start_is_fast_and_sigterm_ends_it_within_a_second(tmp_path: Path) -> None:
    with reference(tmp_path) as running, connected(running.port):
        before = time.monotonic()
        running.process.terminate()
        assert running.process.wait(5) == 0
        assert time.monotonic() - before < 1


def test_object_is_stored_as_part_10_and_found(sound: Running) -> None:
    with associated(sound.port) as peer:
        assert peer.store(dataset(UID), UID) == "RESPONDED 0000"
        assert peer.store(dataset(UID), UID) == "RESPONDED 0000"
        changed = dataset(UID, more=(wire.Element(tag=0x00280010, vr="US", value=b"\1\0"),))
        assert peer.store(changed, UID) == "RESPONDED 0111"
        keys = [
            wire.Element(tag=0x00080052, vr="CS", value="STUDY"),
            wire.Element(tag=0x00100010, vr="PN", value="TEST*"),
            wire.Element(tag=0x0020000D, vr="UI", value=""),
        ]
        peer.send(*p_data(5, c_find_rq(), wire.encode_dataset(keys, "explicit")))
        assert peer.hear() == "RESPONDED FF00"
        assert peer.hear() == "RESPONDED 0000"
    (path,) = sound.storage.rglob(f"{UID}.dcm")
    assert path.read_bytes()[128:132] == b"DICM"
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("depth", [64, 200])
def test_documented_depth_is_accepted(depth: int, sound: Running) -> None:
    uid = f"{UID}.64{depth}"
    with associated(sound.port) as peer:
        assert peer.store(dataset(uid, more=(wire.nested(depth),)), uid) == "RESPONDED 0000"


def test_deeper_nesting_is_refused_and_service_goes_on(sound: Running) -> None:
    with associated(sound.port) as peer:
        deep = dataset(UID + ".1", more=(wire.nested(20000),))
        assert peer.store(deep, UID + ".1") == "RESPONDED C000"
        assert peer.echo() == "RESPONDED 0000"


def test_deflated_object(sound: Running) -> None:
    with associated(sound.port) as peer:
        data = dataset(UID + ".2", syntax="deflated")
        assert peer.store(data, UID + ".2", context_id=7) == "RESPONDED 0000"
        assert peer.store(data[:-9], UID + ".2", context_id=7) == "RESPONDED C000"


@pytest.mark.parametrize("uid", ["../x", "/tmp/x", "..", "1..2", "1.2.", "a", "1" * 65, "1\0.2"])
def test_illegal_uid_is_refused(uid: str, sound: Running) -> None:
    before = list(sound.storage.parent.rglob("*"))
    with associated(sound.port) as peer:
        assert peer.store(dataset(uid), uid) in {"RESPONDED 0117", "RESPONDED 0212"}
    assert list(sound.storage.parent.rglob("*")) == before


def test_limit_is_told_and_slots_come_back(sound: Running) -> None:
    with ExitStack() as stack:
        for _ in range(8):
            stack.enter_context(associated(sound.port))
        with connected(sound.port) as peer:
            peer.send(request())
            assert peer.hear() == "RJ 2/3/2"
    # The device hears of the ends one after the other.
    end = time.monotonic() + 5
    while (heard := _asked(sound)) == "RJ 2/3/2" and time.monotonic() < end:
        continue
    assert heard == "AC"


def _asked(it: Running) -> str:
    with connected(it.port) as peer:
        peer.send(request())
        return peer.hear()


def test_silent_sockets_do_not_keep_others_out(sound: Running) -> None:
    with ExitStack() as stack:
        for _ in range(70):
            stack.enter_context(connected(sound.port))
        assert echoes(sound.port)


def test_early_pdu_is_aborted_by_the_provider(sound: Running) -> None:
    with connected(sound.port) as peer:
        peer.send(request(), *p_data(1, c_echo_rq()))
        assert peer.hear() == "ABORT 2/2"


def test_abort_is_not_answered(sound: Running) -> None:
    with associated(sound.port) as peer:
        peer.send(wire.Abort())
        assert peer.hear() == "CLOSED"


def test_get_without_role_fails_and_counts(sound: Running) -> None:
    contexts = (
        wire.Context(1, uids.STUDY_ROOT_GET),
        wire.Context(3, uids.STUDY_ROOT_MOVE),
        wire.Context(5, uids.CT_IMAGE_STORAGE, (uids.EXPLICIT_LE,)),
    )
    keys = [
        wire.Element(tag=0x00080052, vr="CS", value="STUDY"),
        wire.Element(tag=0x0020000D, vr="UI", value="9.9.9"),
    ]
    identifier = wire.encode_dataset(keys)
    with associated(sound.port, wire.associate_rq("REFERENCE", "ASSAY", contexts)) as peer:
        uid = UID + ".77"
        assert peer.store(dataset(uid, study="9.9.9"), uid, context_id=5) == "RESPONDED 0000"
        assert peer.ask(1, c_get_rq(), identifier) == "RESPONDED A702"
        assert peer.ask(3, c_move_rq("NOWHERE"), identifier) == "RESPONDED A801"


def test_reused_port_is_an_error_without_traceback(sound: Running, tmp_path: Path) -> None:
    module = "simulators.devices.reference"
    arguments = ("scp", "--port", str(sound.port), "--storage", str(tmp_path))
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        capture_output=True,
        text=True,
        env=ENV,
        timeout=10,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("error: ")


def test_fo_1_aborts_what_others_reject(tmp_path: Path) -> None:
    with reference(tmp_path, "--twin", "FO-1") as it, connected(it.port) as peer:
        wrong = wire.AssociateRQ(
            called=b"REFERENCE",
            protocol_version=2,
            items=request().items,
        )
        peer.send(wrong)
        assert peer.hear() == "ABORT 0/0"


def test_fo_2_ignores_case(tmp_path: Path) -> None:
    with reference(tmp_path, "--twin", "FO-2") as it, connected(it.port) as peer:
        peer.send(request(called="reference"))
        assert peer.hear() == "AC"


def test_fo_3_asks_to_retry_and_recovers(tmp_path: Path) -> None:
    with reference(tmp_path, "--twin", "FO-3", artim=1.0) as it, ExitStack() as stack:
        silent = [stack.enter_context(connected(it.port)) for _ in range(16)]
        with connected(it.port) as peer:
            peer.send(request())
            assert peer.hear() == "RJ 2/3/1"
        assert silent[-1].hear() == "CLOSED"
        assert echoes(it.port)


def test_fo_4_stores_under_a_hash(tmp_path: Path) -> None:
    with reference(tmp_path, "--twin", "FO-4") as it:
        with associated(it.port) as peer:
            assert peer.store(dataset("../x"), "../x") == "RESPONDED B000"
        (path,) = it.storage.rglob("*.dcm")
        assert path.name.startswith("illegal-")


def test_fo_6_has_children_that_exit_with_0(tmp_path: Path) -> None:
    with reference(tmp_path, "--twin", "FO-6") as it:
        assert all(echoes(it.port) for _ in range(3))
