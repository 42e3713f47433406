"""A small honest web client for the tests, and objects for it."""

import http.client
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from harness.model import JSON
from simulators.devices.reference.file_format import file_meta
from simulators.devices.web_profile import PATIENT_ID, signed, token
from simulators.wire import Element, uids
from simulators.wire.dataset import encode_dataset
from tests.simulators.devices.running import Running, reference

BASE = "/dicom-web/studies"
PICTURE = bytes(range(16))
_numbers = count(1)
_RELATED = 'multipart/related; type="application/dicom"'


@dataclass(frozen=True)
class Answered:
    status: int
    fields: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Thing:
    """An object with a picture of four by four."""

    number: int = field(default_factory=lambda: next(_numbers))
    patient: str = PATIENT_ID
    name: str = "Example^Ann"

    @property
    def study(self) -> str:
        return f"2.25.{self.number}"

    @property
    def instance(self) -> str:
        return f"2.25.{self.number}.1.1"

    @property
    def path(self) -> str:
        return f"{BASE}/{self.study}/series/{self.study}.1/instances/{self.instance}"

    def part10(self) -> bytes:
        one = [
            *_texts((0x00080016, "UI", uids.SECONDARY_CAPTURE), (0x00080018, "UI", self.instance)),
            *_texts((0x00080060, "CS", "OT"), (0x00100010, "PN", self.name)),
            *_texts((0x00100020, "LO", self.patient), (0x0020000D, "UI", self.study)),
            *_texts((0x0020000E, "UI", f"{self.study}.1")),
            *_numbers_of((0x00280002, 1)),
            *_texts((0x00280004, "CS", "MONOCHROME2")),
            *_numbers_of((0x00280010, 4), (0x00280011, 4), (0x00280100, 8)),
            *_numbers_of((0x00280101, 8), (0x00280102, 7)),
            Element(tag=0x7FE00010, vr="OB", value=PICTURE),
        ]
        meta = file_meta(
            uids.SECONDARY_CAPTURE.encode(), self.instance.encode(), uids.EXPLICIT_LE.encode()
        )
        return meta + encode_dataset(one, uids.EXPLICIT_LE)


def multipart(*bodies: bytes, kind: str = "application/dicom", boundary: str = "edge") -> bytes:
    head = f"--{boundary}\r\nContent-Type: {kind}\r\n\r\n".encode()
    return b"".join(head + body + b"\r\n" for body in bodies) + f"--{boundary}--\r\n".encode()


def ask(
    it: Running,
    path: str,
    method: str = "GET",
    body: bytes | None = None,
    bearer: str | None = "",
    **fields: str,
) -> Answered:
    """Ask once; an empty bearer is one that is good for everything, None is no token."""
    connection = http.client.HTTPConnection("127.0.0.1", it.web_port, timeout=10)
    named = {name.replace("_", "-"): value for name, value in fields.items()}
    if bearer is not None:
        named["Authorization"] = f"Bearer {bearer or token()}"
    try:
        connection.request(method, path, body, named)
        response = connection.getresponse()
        return Answered(response.status, dict(response.getheaders()), response.read())
    finally:
        connection.close()


def stow(it: Running, body: bytes, path: str = BASE, **fields: str) -> Answered:
    fields = {"Content_Type": f"{_RELATED}; boundary=edge", **fields}
    bearer = fields.pop("bearer", "")
    return ask(it, path, "POST", body, bearer, **fields)


def stored(it: Running, **of: str) -> Thing:
    thing = Thing(**of)  # type: ignore[arg-type]
    assert stow(it, multipart(thing.part10())).status == 200
    return thing


def raw(it: Running, octets: bytes, seconds: float = 3.0) -> str:
    """Send octets and return the statuses that come."""
    with socket.create_connection(("127.0.0.1", it.web_port), timeout=seconds) as sock:
        with suppress(ConnectionError):  # whoever refuses early does not take the rest
            sock.sendall(octets)
        came = b""
        try:
            while piece := sock.recv(65536):
                came += piece
        except (TimeoutError, ConnectionResetError):
            pass
    starts = came.split(b"HTTP/1.1 ")[1:]
    return " ".join(start[:3].decode() for start in starts) or "nothing"


def head(*fields: str, method: str = "GET", path: str = BASE) -> bytes:
    lines = (f"{method} {path} HTTP/1.1", "Host: x", f"Authorization: Bearer {token()}", *fields)
    return "\r\n".join((*lines, "", "")).encode()


@contextmanager
def web_device(folder: Path, *arguments: str) -> Iterator[Running]:
    folder.mkdir(exist_ok=True)
    access = folder / "access"
    access.write_text(
        "role SENDER echo\nuser rita passcode-of-rita\nkey a-key-of-the-test-bench-only\n"
    )
    with reference(folder, "--web-port", "0", "--access", str(access), *arguments) as running:
        yield running


def forged() -> str:
    claims: dict[str, JSON] = {
        "sub": "reader",
        "aud": "dicom-assay-reference",
        "exp": 4_102_444_800,
    }
    return signed(claims, b"the key of somebody else")


def _texts(*each: tuple[int, str, str]) -> list[Element]:
    return [
        Element(
            tag=tag, vr=vr, value=text.encode() + (b"\0" if vr == "UI" else b" ") * (len(text) % 2)
        )
        for tag, vr, text in each
    ]


def _numbers_of(*each: tuple[int, int]) -> list[Element]:
    return [Element(tag=tag, vr="US", value=number.to_bytes(2, "little")) for tag, number in each]
