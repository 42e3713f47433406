"""The load clients that ours is measured beside, the servers they load, and what each run costs.

All are programs of their own. DCMTK's clients and servers get TCP_NODELAY=1: without it they wait
for acknowledgements that the kernel delays, and the comparison would measure its timer.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

from pydicom.dataset import FileMetaDataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_file_meta_info
from pydicom.uid import UID

from harness.programs import locate
from simulators.load import naming, objects
from simulators.process import DeviceProcess, free_port
from tests.bench.clients import TRY_AGAIN

ROOT = Path(__file__).parents[2]
CLIENTS = Path(__file__).with_name("clients.py")
DICOM_ECHO = ROOT / ".real-devices" / "dicom-echo" / "bin" / "python"
HOST = "127.0.0.1"
NO_DELAY = {"TCP_NODELAY": "1"}
LARGE_PDU = "131072"
"""The longest P-DATA-TF that DCMTK knows; it sends large objects a little faster with it."""

PATIENCE_S = 400.0
_SAID = 2000

Command = Sequence[str]
Build = Callable[[int, int], Command]
"""A client's command line for a port and a number of operations."""


@dataclass(frozen=True, slots=True)
class Spent:
    """What a program cost.

    Attributes:
        wall_s: From its start to its end.
        cpu_s: Processor time of it and of all that it waited for (getrusage).
        peak_rss_bytes: Of the largest of them.
    """

    wall_s: float
    cpu_s: float
    peak_rss_bytes: int


class TryAgainError(Exception):
    """A client failed by an accident of its own that it knows of."""


def spend(command: Command, watch: Callable[[int], None] | None = None) -> Spent:
    """Runs a program to its end.

    Args:
        command: Program and arguments.
        watch: Called with its process id as soon as it runs, and waited for.

    Raises:
        RuntimeError: It failed or took too long; with the end of what it said.
        TryAgainError: It asks to be run again.
    """
    clean = {name: text for name, text in os.environ.items() if not name.startswith("PYTEST_")}
    with TemporaryFile() as said:
        began = time.monotonic()
        process = subprocess.Popen(
            [program(command[0]), *command[1:]],
            stdin=subprocess.DEVNULL, stdout=said, stderr=said, env=clean | NO_DELAY,
        )  # fmt: skip
        alarm = threading.Timer(PATIENCE_S, process.kill)
        alarm.start()
        try:
            if watch is not None:
                watch(process.pid)
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            process.kill()
            process.wait()
            raise
        finally:
            alarm.cancel()
        wall_s = time.monotonic() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode == TRY_AGAIN:
            raise TryAgainError(command[1])
        if process.returncode:
            said.seek(0)
            text = said.read()[-_SAID:].decode("utf-8", "replace")
            raise RuntimeError(f"{' '.join(command[:4])} ... ended with {status}: {text}")
    return Spent(wall_s, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def program(name: str) -> str:
    """The program itself and not its namesake of pynetdicom."""
    found = locate(name)
    if found is None:
        raise RuntimeError(f"{name} is missing: scripts/install-real-devices")
    return found


def storescu(files: Sequence[Path]) -> Build:
    """DCMTK storescu with the first so many files, in one association."""
    return _with_files(["storescu", "--max-pdu", LARGE_PDU], files)


def dcmsend(files: Sequence[Path]) -> Build:
    """DCMTK dcmsend with the first so many files, in one association."""
    return _with_files(["dcmsend", "--max-pdu", LARGE_PDU], files)


def _with_files(program: Command, files: Sequence[Path]) -> Build:
    def build(port: int, count: int) -> Command:
        assert count <= len(files), f"{len(files)} files are too few for {count}"
        return [*program, HOST, str(port), *map(str, files[:count])]

    return build


def echoscu(port: int, count: int) -> Command:
    """DCMTK echoscu, all in one association."""
    return ["echoscu", "--repeat", str(count), HOST, str(port)]


def dicom_echo(port: int, count: int) -> Command:
    """dicom-echo, the fastest client for C-ECHO on the Python package index."""
    return [str(DICOM_ECHO), str(CLIENTS), "dicom-echo", str(port), str(count)]


def pynetdicom(what: str, *file: Path) -> Build:
    """pynetdicom 3: "store" (and a file), "echo" or "associate"."""

    def build(port: int, count: int) -> Command:
        return [
            sys.executable,
            str(CLIENTS),
            f"pynetdicom-{what}",
            str(port),
            str(count),
            *map(str, file),
        ]

    return build


def raw_copy(octets: int) -> Build:
    """A Python socket that sends so many octets at a time."""

    def build(port: int, count: int) -> Command:
        return [sys.executable, str(CLIENTS), "raw", str(port), str(count), str(octets)]

    return build


def files(folder: Path, size_bytes: int, count: int, token: int) -> list[Path]:
    """Writes DICOM files with objects that the load itself would send, each under its own name.

    Args:
        folder: Is created.
        size_bytes: About the length of a data set.
        count: How many.
        token: Random bits of the names; see :func:`simulators.load.naming.uid_root`.
    """
    folder.mkdir(parents=True)
    root = naming.uid_root(token)
    made = objects.make("CT", size_bytes, root, 0, 0)
    name = naming.sop_instance_uid(root, 0, 0)
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = UID(made.sop_class)
    meta.MediaStorageSOPInstanceUID = UID(name)
    meta.TransferSyntaxUID = UID(made.transfer_syntax)
    head = DicomBytesIO()
    write_file_meta_info(head, meta)
    whole = bytes(128) + b"DICM" + head.getvalue() + made.dataset
    paths = [folder / f"{number}.dcm" for number in range(count)]
    for number, path in enumerate(paths):
        path.write_bytes(
            whole.replace(name.encode(), naming.sop_instance_uid(root, 0, number).encode())
        )
    return paths


@dataclass(frozen=True, slots=True)
class Server:
    """A real device to load.

    Attributes:
        key: Its short name.
        name: What the table calls it.
        start: Its command line for a port and a folder of its own.
    """

    key: str
    name: str
    start: Callable[[int, Path], Command]


def _storescp(port: int, _folder: Path) -> Command:
    return ["storescp", "--fork", "--ignore", "--max-pdu", LARGE_PDU, str(port)]


def _orthanc(port: int, folder: Path) -> Command:
    settings: Mapping[str, object] = {
        "StorageDirectory": str(folder / "storage"),
        "IndexDirectory": str(folder / "storage"),
        "Plugins": [],
        "HttpServerEnabled": False,
        "DicomPort": port,
        "DicomAlwaysAllowEcho": True,
        "DicomAlwaysAllowStore": True,
        "DicomThreadsCount": 64,
        "MaximumPduLength": int(LARGE_PDU),
    }
    path = folder / "orthanc.json"
    path.write_text(json.dumps(settings), "utf-8")
    return ["Orthanc", str(path)]


SERVERS = (
    Server("storescp", "DCMTK storescp --fork", _storescp),
    Server("orthanc", "Orthanc", _orthanc),
)


@contextmanager
def serving(server: Server, folder: Path) -> Iterator[int]:
    """The port of a real device that runs until the block ends."""
    folder.mkdir(parents=True)
    port = free_port()
    name, *options = server.start(port, folder)
    command = [program(name), *options]
    with DeviceProcess(command, NO_DELAY, folder, folder / "device.log") as device:
        device.wait_until_listening([port], PATIENCE_S)
        yield port
