"""The reference device against independent stacks: pynetdicom and DCMTK, both roles."""

import logging
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pydicom
import pytest
from pydicom.dataset import Dataset
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian
from pynetdicom import AE, build_role, evt

from harness import programs
from simulators.devices.reference.file_format import file_meta
from simulators.wire import uids
from tests.simulators.devices.conftest import Lab
from tests.simulators.devices.peer import UID, dataset
from tests.simulators.devices.running import Running, reference, scu

logging.getLogger("pynetdicom").setLevel(logging.CRITICAL)

FIND, GET, MOVE = uids.STUDY_ROOT_FIND, uids.STUDY_ROOT_GET, uids.STUDY_ROOT_MOVE
STUDY = "1.2.3.4"
EXPLICIT = b"1.2.840.10008.1.2.1"
SUCCESS = 0x0000


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as sock:
        return int(sock.getsockname()[1])


@pytest.fixture
def example(tmp_path: Path) -> Path:
    path = tmp_path / "example.dcm"
    meta = file_meta(uids.CT_IMAGE_STORAGE.encode(), UID.encode(), EXPLICIT)
    path.write_bytes(meta + dataset(UID))
    return path


@pytest.fixture(scope="module")
def acceptor(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("interop")
    tls = ("--tls-port", "0", *lab.arguments("device"))
    with reference(folder, *tls, artim=5, idle=5) as running:
        yield running


@contextmanager
def pynetdicom_acceptor(got: list[Dataset]) -> Iterator[int]:
    """A pynetdicom SCP for echo, store and get; it returns what it was given."""

    def stored(event: evt.Event) -> int:
        held = event.dataset
        held.file_meta = event.file_meta
        got.append(held)
        return SUCCESS

    def wanted(event: evt.Event) -> Iterator[object]:
        matching = [one for one in got if one.StudyInstanceUID == event.identifier.StudyInstanceUID]
        yield len(matching)
        for one in matching:
            yield 0xFF00, one

    ae = AE()
    for context in (uids.VERIFICATION, uids.CT_IMAGE_STORAGE, FIND, GET):
        ae.add_supported_context(
            context, [ExplicitVRLittleEndian, ImplicitVRLittleEndian], scu_role=True, scp_role=True
        )
    server = ae.start_server(
        ("127.0.0.1", 0),
        block=False,
        evt_handlers=[(evt.EVT_C_STORE, stored), (evt.EVT_C_GET, wanted)],
    )
    assert server is not None
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()


def keys(**more: str) -> Dataset:
    identifier = Dataset()
    identifier.QueryRetrieveLevel = "STUDY"
    identifier.StudyInstanceUID = STUDY
    for keyword, value in more.items():
        setattr(identifier, keyword, value)
    return identifier


def test_pynetdicom_echo_store_find_get(acceptor: Running, example: Path) -> None:
    got: list[Dataset] = []
    ae = AE("ASSAY")
    for context in (uids.VERIFICATION, FIND, GET):
        ae.add_requested_context(context)
    ae.add_requested_context(uids.CT_IMAGE_STORAGE, ExplicitVRLittleEndian)
    role = build_role(uids.CT_IMAGE_STORAGE, scp_role=True, scu_role=True)

    def stored(event: evt.Event) -> int:
        got.append(event.dataset)
        return SUCCESS

    association = ae.associate(
        "127.0.0.1",
        acceptor.port,
        ae_title="REFERENCE",
        ext_neg=[role],
        evt_handlers=[(evt.EVT_C_STORE, stored)],
    )
    assert association.is_established
    assert association.send_c_echo().Status == SUCCESS
    assert association.send_c_store(pydicom.dcmread(example)).Status == SUCCESS
    found = list(association.send_c_find(keys(PatientName="TEST*", PatientID=""), FIND))
    assert [status.Status for status, _ in found] == [0xFF00, SUCCESS]
    match = found[0][1]
    assert match is not None
    assert match.PatientID == "ID1"
    retrieved = list(association.send_c_get(keys(), GET))
    assert retrieved[-1][0].Status == SUCCESS
    assert [one.SOPInstanceUID for one in got] == [UID]
    association.release()
    assert association.is_released


def test_pynetdicom_move(example: Path, tmp_path: Path) -> None:
    got: list[Dataset] = []
    with (
        pynetdicom_acceptor(got) as port,
        reference(tmp_path, "--destination", f"THERE=127.0.0.1:{port}", idle=5) as device,
    ):
        assert scu(*_call("store", device.port), "--file", str(example)).returncode == 0
        ae = AE("ASSAY")
        ae.add_requested_context(MOVE)
        association = ae.associate("127.0.0.1", device.port, ae_title="REFERENCE")
        answers = list(association.send_c_move(keys(), "THERE", MOVE))
        assert answers[-1][0].Status == SUCCESS
        assert answers[-1][0].NumberOfCompletedSuboperations == 1
        association.release()
    assert [one.SOPInstanceUID for one in got] == [UID]


def test_requestor_against_pynetdicom(example: Path, tmp_path: Path) -> None:
    got: list[Dataset] = []
    out = tmp_path / "out"
    out.mkdir()
    with pynetdicom_acceptor(got) as port:
        assert scu(*_call("echo", port)).returncode == 0
        assert scu(*_call("store", port), "--file", str(example)).returncode == 0
        done = scu(*_call("get", port), "--study", STUDY, "--out", str(out))
        assert done.returncode == 0, done.stderr
        assert scu(*_call("find", port)).returncode == 1
    assert [one.SOPInstanceUID for one in got] == [UID]
    assert [pydicom.dcmread(path).PatientID for path in out.iterdir()] == ["ID1"]


def _call(service: str, port: int) -> tuple[str, ...]:
    return (service, "--host", "127.0.0.1", "--port", str(port), "--called", "REFERENCE")


def _program(name: str) -> str:
    path = programs.locate(name)
    assert path, f"{name} is not installed"
    return path


def dcmtk(tool: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [_program(tool), "-aec", "REFERENCE", *arguments],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def secure(lab: Lab) -> tuple[str, ...]:
    files = lab.files["client"]
    return ("+tls", str(files.key), str(files.cert), "+cf", str(lab.ca))


@pytest.mark.interop
@pytest.mark.parametrize("tls", [False, True])
def test_dcmtk_requestors(
    tls: bool, lab: Lab, acceptor: Running, example: Path, tmp_path: Path
) -> None:
    port = acceptor.tls_port if tls else acceptor.port
    where = (*(secure(lab) if tls else ()), "localhost", str(port))
    study = ("-k", "QueryRetrieveLevel=STUDY", "-k", f"StudyInstanceUID={STUDY}")
    assert dcmtk("echoscu", *where).returncode == 0
    assert dcmtk("storescu", *where, str(example)).returncode == 0
    found = dcmtk("findscu", "-v", "-S", *study, "-k", "PatientID", *where)
    assert "ID1" in found.stdout + found.stderr
    # This getscu has no TLS.
    plain = ("localhost", str(acceptor.port))
    got = dcmtk("getscu", "-S", *study, "-od", str(tmp_path), *plain)
    assert got.returncode == 0, got.stderr
    retrieved = [path for path in tmp_path.iterdir() if path.name.endswith(UID)]
    assert len(retrieved) == 1


@pytest.mark.interop
@pytest.mark.parametrize("tls", [False, True])
def test_requestor_against_storescp(tls: bool, lab: Lab, example: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    port = free_port()
    files = lab.files["device"]
    server_tls = ("+tls", str(files.key), str(files.cert), "+cf", str(lab.ca)) if tls else ()
    process = subprocess.Popen([_program("storescp"), "-od", str(out), *server_tls, str(port)])
    try:
        _wait_for_listener(port)
        more = ("--tls", *lab.arguments("client")) if tls else ()
        assert scu(*_call("echo", port), *more).returncode == 0
        assert scu(*_call("store", port), *more, "--file", str(example)).returncode == 0
    finally:
        process.terminate()
        process.wait(5)
    assert len(list(out.iterdir())) == 1


def _wait_for_listener(port: int) -> None:
    """Wait until a port is in the table of listening sockets: a connection would disturb."""
    wanted = f":{port:04X} "
    for _ in range(500):
        for line in Path("/proc/net/tcp").read_text().splitlines():
            if wanted in line[:24] and line.split()[3] == "0A":
                return
        time.sleep(0.01)
    raise AssertionError("nobody listens")
