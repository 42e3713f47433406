"""Loads of C-MOVE, with our own destination: honest devices, a liar, and real ones."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from harness import profile as profiles
from harness.devices import embedded_profile
from harness.load_session import Loaded, load_device
from harness.loading import LoadRequest
from harness.measurement import Measurement, Moved
from harness.oracles import delivers_what_it_says
from harness.profile import Profile
from harness.verdict import FailKind, Verdict
from simulators import wire
from simulators.load import naming
from simulators.load.drive import drive
from simulators.load.plan import Bounds, Plan, Target
from simulators.negotiation import honest_results
from simulators.process import free_port
from simulators.wire import uids
from tests.harness.oracles.test_load_honesty import record
from tests.simulators.load.support import NEVER

DEVICES = Path(__file__).resolve().parents[3] / "devices"
ROOT = naming.uid_root(10**32)
NAMES = tuple(naming.sop_instance_uid(ROOT, 0, number) for number in range(10))


class Liar:
    """Answers each C-MOVE as it was told to, and sends what it was told to, to whoever listens.

    Args:
        status, counts: Of the final response.
        sends: Whether it sends the object before; a second one of that name if it is 2.
        late: It sends only after its response.
    """

    def __init__(
        self,
        *,
        status: int = 0,
        completed: int = 1,
        failed: int = 0,
        sends: int = 0,
        content: bytes | None = None,
        late: bool = False,
    ) -> None:
        self.status, self.completed, self.failed = status, completed, failed
        self.sends, self.content, self.late = sends, content, late
        self.destination = 0

    def serve(self, sock: socket.socket) -> None:
        """One association, in which one request after the other comes."""
        stream, parts = wire.PduBuffer(), wire.Reassembler()
        while True:
            while (pdu := stream.next()) is None:
                data = sock.recv(4096)
                if not data:
                    return
                stream.feed(data)
            if isinstance(pdu, wire.AssociateRQ):
                self._say(sock, wire.associate_ac(pdu, honest_results(pdu)))
            elif isinstance(pdu, wire.PDataTF):
                for message in parts.feed(pdu):
                    self._move(sock, message)
            else:
                self._say(sock, wire.ReleaseRP())
                return

    def _move(self, sock: socket.socket, message: wire.Message) -> None:
        name = next(one for one in NAMES if one.encode() in (message.dataset or b""))
        answer = wire.c_move_rsp(
            responding_to=message.command.integer("MessageID") or 0,
            status=self.status,
            completed=self.completed,
            failed=self.failed,
        )
        if not self.late:
            self._send(name)
        self._say(sock, *wire.p_data(message.context_id, answer))
        if self.late:
            self._send(name)

    def _send(self, name: str) -> None:
        if not self.sends:
            return
        context = wire.Context(1, uids.SECONDARY_CAPTURE, (uids.EXPLICIT_LE,))
        content = name.encode() + naming.mark_of(name) if self.content is None else self.content
        with socket.create_connection(("127.0.0.1", self.destination), 5.0) as sock:
            self._say(sock, wire.associate_rq("DEST", "LIAR", (context,)))
            assert sock.recv(4096)[:1] == b"\x02"
            for _ in range(self.sends):
                asked = wire.c_store_rq(uids.SECONDARY_CAPTURE, name, 1)
                self._say(sock, *wire.p_data(1, asked, content))
                assert sock.recv(4096)[:1] == b"\x04"
            self._say(sock, wire.ReleaseRQ())
            assert sock.recv(4096)[:1] == b"\x06"

    def _say(self, sock: socket.socket, *pdus: wire.PDU) -> None:
        sock.sendall(b"".join(wire.encode(pdu) for pdu in pdus))


@contextlib.contextmanager
def listening(device: Liar) -> Iterator[int]:
    """Has it listen on a port, for as many associations as come."""

    def accept() -> None:
        while True:
            try:
                sock, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=(sock,), daemon=True).start()

    def serve(sock: socket.socket) -> None:
        with sock, contextlib.suppress(OSError):
            device.serve(sock)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield int(listener.getsockname()[1])
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        thread.join(5.0)


def moved(device: Liar, folder: Path, *, workers: int = 1, count: int = 20) -> Measurement:
    """A load of the device, with our own destination."""
    device.destination = free_port()
    with listening(device) as port:
        plan = Plan(
            operation="move",
            target=Target(
                host="127.0.0.1", port=port, move_destination="DEST", move_port=device.destination
            ),
            bounds=Bounds(rate=10_000),
            size_bytes=1024,
            associations=2,
            workers=workers,
            count=count,
            timeout_s=10,
            uid_root=ROOT,
            fetch=NAMES,
        )
        return drive(plan, folder, lambda progress: None, NEVER).measurement


def account(measured: Measurement) -> Moved:
    assert measured.moved is not None
    return measured.moved


@pytest.mark.parametrize("workers", [1, 2])
def test_what_is_announced_and_arrives_is_counted(tmp_path: Path, workers: int) -> None:
    measured = moved(Liar(sends=1), tmp_path, workers=workers)
    assert (measured.count, measured.errors, measured.complete) == (20, 0, True)
    assert account(measured) == Moved(asked=20, announced=20, arrived=20)


def test_what_is_announced_and_does_not_arrive_is_missing(tmp_path: Path) -> None:
    measured = moved(Liar(sends=0), tmp_path)
    assert measured.count == 20
    seen = account(measured)
    assert (seen.announced, seen.arrived, seen.missing) == (20, 0, 20)
    assert set(seen.examples) <= set(NAMES)
    assert seen.examples
    finding = delivers_what_it_says()(record("load", **measured.model_dump(mode="json")))
    assert (finding.verdict, finding.kind) == (Verdict.FAIL, FailKind.LOSS)


def test_what_arrives_after_the_response_is_waited_for(tmp_path: Path) -> None:
    assert account(moved(Liar(sends=1, late=True), tmp_path)).missing == 0


def test_failed_suboperations_are_not_served(tmp_path: Path) -> None:
    measured = moved(Liar(status=0xB000, completed=0, failed=1), tmp_path)
    assert (measured.count, measured.errors) == (0, 20)
    assert measured.statuses == {"B000H": 20}
    assert account(measured) == Moved(asked=20, failed=20)


def test_what_nobody_asked_for_is_noted(tmp_path: Path) -> None:
    seen = account(moved(Liar(sends=2), tmp_path))
    assert (seen.arrived, seen.missing, seen.unasked) == (40, 0, 20)


def test_the_content_of_another_is_noted(tmp_path: Path) -> None:
    wrong = b"".join(name.encode() for name in NAMES)
    seen = account(moved(Liar(sends=1, content=wrong), tmp_path))
    assert (seen.missing, seen.mixed_up) == (0, len(NAMES))


def loaded(profile: Profile, folder: Path, *, count: int = 60) -> Loaded:
    request = LoadRequest(operation="move", count=count, associations=4, size_bytes=4096)
    return load_device(
        profile, request, out=folder / "run", verify=True, console=Console(quiet=True)
    )


def verdict(load: Loaded, case: str) -> str:
    row = next(row for row in load.run.results if row["id"] == case)
    return f"{row['verdict']} {row['kind'] or ''}".strip()


@pytest.mark.parametrize(
    ("flaw", "given"), [("", "PASS"), ("moves_less_than_it_says", "FAIL loss")]
)
def test_the_verdict_on_the_reference_device(tmp_path: Path, flaw: str, given: str) -> None:
    load = loaded(embedded_profile([flaw] if flaw else []), tmp_path)
    assert (load.measured.count, load.measured.errors) == (60, 0)
    assert verdict(load, "LOAD-511") == given
    assert verdict(load, "LOAD-500") == "PASS"
    seen = account(load.measured)
    assert (seen.announced, seen.arrived + seen.missing) == (60, 60)


def moving_only(profile: Profile) -> Profile:
    """The same device, as if it had no C-GET."""
    assert profile.acceptor is not None
    services = ("verification", "storage", "query")
    acceptor = profile.acceptor.model_copy(update={"services": services})
    return profile.model_copy(update={"acceptor": acceptor})


def looked_for(profile: Profile, folder: Path, count: int, *, associations: int = 2) -> Loaded:
    """A load that stores, of a device from which objects come back by C-MOVE only."""
    request = LoadRequest(
        operation="store", count=count, associations=associations, size_bytes=4096
    )
    quiet = Console(quiet=True)
    return load_device(
        moving_only(profile), request, out=folder / "run", verify=True, console=quiet
    )


@pytest.mark.parametrize(
    ("flaw", "case", "given"),
    [
        ("", "LOAD-505", "PASS"),
        ("mixes_up_objects", "LOAD-505", "FAIL loss"),
        ("loses_one_in_many", "LOAD-503", "FAIL loss"),
    ],
)
def test_without_c_get_objects_are_fetched_back_by_c_move(
    tmp_path: Path, flaw: str, case: str, given: str
) -> None:
    load = looked_for(embedded_profile([flaw] if flaw else []), tmp_path, 120)
    assert load.measured.ledger is not None
    assert load.measured.ledger.how == ("C-FIND", "C-MOVE")
    assert load.measured.ledger.compared == 120
    assert verdict(load, case) == given


def test_a_device_without_c_get_is_loaded_with_moves(tmp_path: Path) -> None:
    load = loaded(moving_only(embedded_profile()), tmp_path)
    assert account(load.measured) == Moved(asked=60, announced=60, arrived=60)
    assert verdict(load, "LOAD-511") == "PASS"


@pytest.mark.interop
@pytest.mark.parametrize("recipe", ["orthanc", "dcmtk-dcmqrscp"])
def test_objects_come_back_from_a_real_archive_by_c_move(tmp_path: Path, recipe: str) -> None:
    # One association: dcmqrscp gives two objects that arrive at a time one file name now and then.
    load = looked_for(profiles.load(DEVICES / f"{recipe}.toml"), tmp_path, 40, associations=1)
    assert load.measured.ledger is not None
    assert load.measured.ledger.how == ("C-FIND", "C-MOVE")
    assert verdict(load, "LOAD-503") == "PASS"
    assert verdict(load, "LOAD-505") == "PASS"


@pytest.mark.interop
@pytest.mark.parametrize("recipe", ["orthanc", "dcmtk-dcmqrscp", "pynetdicom-qrscp"])
def test_a_real_archive_moves_to_us(tmp_path: Path, recipe: str) -> None:
    load = loaded(profiles.load(DEVICES / f"{recipe}.toml"), tmp_path, count=40)
    assert (load.measured.count, load.measured.errors) == (40, 0), load.measured.statuses
    assert account(load.measured) == Moved(asked=40, announced=40, arrived=40)
    assert verdict(load, "LOAD-511") == "PASS"
    assert verdict(load, "LOAD-500") == "PASS"
