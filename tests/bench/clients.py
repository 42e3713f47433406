"""Clients of the load benchmarks that are libraries, as the programs that their users would write.

Run as a script, in an environment that has only the library; so nothing of ours is imported here.

    clients.py pynetdicom-store PORT COUNT FILE     one association, each object named anew
    clients.py pynetdicom-echo PORT COUNT           one association
    clients.py pynetdicom-associate PORT COUNT      an association for each C-ECHO
    clients.py dicom-echo PORT COUNT                an association for each C-ECHO
    clients.py raw PORT COUNT OCTETS                no DICOM: one socket, as fast as it takes it

pynetdicom is given TCP_NODELAY, as DCMTK is; without it each of its exchanges waits 40 ms for an
acknowledgement that the kernel delays. About one in some hundred of its answers is taken by a
thread of its own (its reactor wakes up between being asked to pause and pausing); the program then
ends with exit code 75, try again.
"""

from __future__ import annotations

import socket
import sys
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pynetdicom.association import Association
    from pynetdicom.events import Event

HOST = "127.0.0.1"
VERIFICATION = "1.2.840.10008.1.1"
UID_DIGITS = 10
TRY_AGAIN = 75
"""Exit code, EX_TEMPFAIL of sysexits(3)."""

PATIENCE_S = 1


def _without_delay(event: Event) -> None:
    transport = event.assoc.dul.socket
    assert transport is not None
    assert transport.socket is not None
    transport.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _associated(port: int, sop_class: str, syntax: str) -> Association:
    from pynetdicom import AE, evt

    ae = AE("PEER")
    ae.dimse_timeout = PATIENCE_S
    ae.add_requested_context(sop_class, syntax)
    found = ae.associate(HOST, port, evt_handlers=[(evt.EVT_CONN_OPEN, _without_delay)])
    if not found.is_established:
        raise SystemExit("no association")
    return found


def _check(status: object) -> None:
    if status is None:
        raise SystemExit(TRY_AGAIN)
    if status != 0:
        raise SystemExit(f"status {status}")


def pynetdicom_store(port: int, count: int, path: str) -> None:
    """Sends one object so many times, each time under another SOP Instance UID."""
    from pydicom import dcmread
    from pydicom.uid import UID

    dataset = dcmread(path)
    name = str(dataset.SOPInstanceUID)[:-UID_DIGITS]
    syntax = str(dataset.file_meta.TransferSyntaxUID)
    association = _associated(port, str(dataset.SOPClassUID), syntax)
    for number in range(count):
        dataset.SOPInstanceUID = UID(f"{name}{10 ** (UID_DIGITS - 1) + number}")
        _check(association.send_c_store(dataset).get("Status"))
    association.release()


def pynetdicom_echo(port: int, count: int) -> None:
    """Sends so many C-ECHO in one association."""
    association = _associated(port, VERIFICATION, "1.2.840.10008.1.2")
    for _ in range(count):
        _check(association.send_c_echo().get("Status"))
    association.release()


def pynetdicom_associate(port: int, count: int) -> None:
    """Associates so many times, each time for one C-ECHO."""
    for _ in range(count):
        pynetdicom_echo(port, 1)


def dicom_echo(port: int, count: int) -> None:
    """Lets the Rust library associate so many times, each time for one C-ECHO."""
    send = import_module("dicom_echo").send  # by name: it has an environment of its own
    for _ in range(count):
        _check(send(f"{HOST}:{port}"))


def raw(port: int, count: int, octets: int) -> None:
    """Sends so many times so many octets, and waits until the other side has them all."""
    block = memoryview(bytes(octets))
    with socket.create_connection((HOST, port)) as peer:
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for _ in range(count):
            peer.sendall(block)
        peer.shutdown(socket.SHUT_WR)
        peer.recv(1)


def main(arguments: list[str]) -> int:
    """Returns the exit code: 0 all answered with success, 2 usage."""
    match arguments:
        case ["pynetdicom-store", port, count, path]:
            pynetdicom_store(int(port), int(count), path)
        case ["pynetdicom-echo", port, count]:
            pynetdicom_echo(int(port), int(count))
        case ["pynetdicom-associate", port, count]:
            pynetdicom_associate(int(port), int(count))
        case ["dicom-echo", port, count]:
            dicom_echo(int(port), int(count))
        case ["raw", port, count, octets]:
            raw(int(port), int(count), int(octets))
        case _:
            sys.stderr.write(__doc__ or "")
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
