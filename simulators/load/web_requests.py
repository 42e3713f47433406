"""STOW-RS, QIDO-RS and WADO-RS requests that are encoded once (PS3.18 10.4 to 10.6).

What differs between the objects of a load is written over in place, and no pixel is ever copied.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol
from urllib.parse import SplitResult

from pydicom.dataset import FileMetaDataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_file_meta_info
from pydicom.uid import UID

from harness.errors import RequestError
from harness.profile_web import web_base
from simulators.load import naming
from simulators.load.objects import Made
from simulators.load.plan import Target
from simulators.load.template import SMALL

STOW: Final = "STOW-RS"
QIDO: Final = "QIDO-RS"
WADO: Final = "WADO-RS"

_BOUNDARY: Final = b"dicom-assay-synthetic-load"
_JSON: Final = "application/dicom+json"
_DICOM: Final = 'multipart/related; type="application/dicom"; transfer-syntax=*'


class WebRequest(Protocol):
    """One operation, encoded.

    Attributes:
        name: "STOW-RS", "QIDO-RS" or "WADO-RS".
        octets: Octets of the data set that it carries.
    """

    name: str
    octets: int

    def patch(self, number: int, message_id: int = 0) -> list[memoryview]:
        """Returns the buffers of a request, valid until the next call; HTTP has no message id."""
        ...

    def sop_instance(self, number: int) -> str:
        """Returns the UID that the answer must name, as a rule of a SOP Instance; empty: none."""
        ...


class Stow:
    """Stores objects of one lane; its octets are in use by one connection at a time."""

    name = STOW

    def __init__(self, target: Target, made: Made, root: str, lane: int) -> None:
        """Encodes the request.

        Args:
            target: Whose `web` is the base URL.
            made: The object, named by the same root; those of all lanes may share it.
            root: What every UID of the load begins with.
            lane: Whose objects they are.

        Raises:
            RequestError: The target has no usable base URL.
        """
        self.octets = len(made.dataset)
        self._root, self._lane = root, lane
        instance = naming.sop_instance_uid(root, lane, 0).encode()
        meta = _meta(made, instance.decode())
        opening = b"--%b\r\nContent-Type: application/dicom\r\n\r\n" % _BOUNDARY
        closing = b"\r\n--%b--\r\n" % _BOUNDARY
        length = len(opening) + len(meta) + len(made.dataset) + len(closing)
        head = _head(base_url(target), "POST", "studies", _JSON, length) + opening
        begin = len(head) + len(meta)
        cut = made.places.mark.stop if len(made.dataset) > SMALL else len(made.dataset)
        own = self._own = bytearray(head + meta + made.dataset[:cut])
        self._write(begin, made.places.study, naming.study_uid(root, lane))
        self._write(begin, made.places.series, naming.series_uid(root, lane))
        self._write(begin, made.places.sop_instance, instance.decode())
        self._write(begin, made.places.mark, naming.content_mark(lane).decode())
        ends = (
            own.index(instance, len(head)) + len(instance),
            begin + made.places.sop_instance.stop,
            begin + made.places.mark.stop,
        )
        self._numbers = tuple(slice(end - naming.DIGITS, end) for end in ends)
        if cut == len(made.dataset):
            own += closing
            self._buffers = [memoryview(own)]
        else:
            rest = memoryview(made.dataset)[cut:]
            self._buffers = [memoryview(own), rest, memoryview(closing)]

    def patch(self, number: int, message_id: int = 0) -> list[memoryview]:
        """See :meth:`WebRequest.patch`."""
        del message_id
        digits = naming.digits(number)
        for place in self._numbers:
            self._own[place] = digits
        return self._buffers

    def sop_instance(self, number: int) -> str:
        """See :meth:`WebRequest.sop_instance`."""
        return naming.sop_instance_uid(self._root, self._lane, number)

    def _write(self, begin: int, place: slice, value: str) -> None:
        self._own[begin + place.start : begin + place.stop] = value.encode()


class Retrieve:
    """Fetches stored objects by WADO-RS, one after another and again from the first."""

    name = WADO
    octets = 0

    def __init__(self, target: Target, sop_instances: Sequence[str]) -> None:
        """Encodes the requests.

        Args:
            target: Whose `web` is the base URL.
            sop_instances: SOP Instance UIDs, named as :mod:`simulators.load.naming` names objects.

        Raises:
            RequestError: A name is not one of ours, there is none, or no usable base URL.
        """
        self._names = tuple(sop_instances)
        if not self._names or any(naming.place_of(name) is None for name in self._names):
            raise RequestError("fetch: give SOP Instance UIDs that an earlier load stored")
        base = base_url(target)
        self._requests = [[memoryview(_head(base, "GET", _path(n), _DICOM))] for n in self._names]

    def patch(self, number: int, message_id: int = 0) -> list[memoryview]:
        """See :meth:`WebRequest.patch`."""
        del message_id
        return self._requests[number % len(self._requests)]

    def sop_instance(self, number: int) -> str:
        """See :meth:`WebRequest.sop_instance`."""
        return self._names[number % len(self._names)]


class Search:
    """Asks the same QIDO-RS question again and again."""

    name = QIDO
    octets = 0

    def __init__(self, target: Target, query: str, *, named: str = "") -> None:
        """Encodes the request.

        Args:
            target: Whose `web` is the base URL.
            query: Below it, such as "studies?PatientID=SYNTHETIC*&limit=25".
            named: A UID that is known to be among what the device holds; empty: none.

        Raises:
            RequestError: The target has no usable base URL.
        """
        self._buffers = [memoryview(_head(base_url(target), "GET", query, _JSON))]
        self._named = named

    def patch(self, number: int, message_id: int = 0) -> list[memoryview]:
        """See :meth:`WebRequest.patch`."""
        del number, message_id
        return self._buffers

    def sop_instance(self, number: int) -> str:
        """See :meth:`WebRequest.sop_instance`."""
        del number
        return self._named


def base_url(target: Target) -> SplitResult:
    """The base URL of a target's DICOMweb services, taken apart.

    Raises:
        RequestError: It is missing, or is none.
    """
    base = web_base(target.web)
    if base is None:
        raise RequestError(
            f"web: {target.web!r} is no base URL of DICOMweb services: "
            "give one such as http://127.0.0.1:8042/dicom-web"
        )
    return base


def _path(sop_instance: str) -> str:
    """Where WADO-RS has an object of ours: its name begins with that of its study."""
    study = sop_instance.rpartition(".")[0]
    return f"studies/{study}/series/{study}.1/instances/{sop_instance}"


def _meta(made: Made, sop_instance: str) -> bytes:
    """Preamble and file meta information (PS3.10 7.1)."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = UID(made.sop_class)
    meta.MediaStorageSOPInstanceUID = UID(sop_instance)
    meta.TransferSyntaxUID = UID(made.transfer_syntax)
    buffer = DicomBytesIO()
    buffer.is_little_endian, buffer.is_implicit_VR = True, False
    buffer.write(b"\0" * 128 + b"DICM")
    write_file_meta_info(buffer, meta)
    return buffer.getvalue()


def _head(base: SplitResult, method: str, path: str, accept: str, length: int = 0) -> bytes:
    lines = [
        f"{method} {base.path.rstrip('/')}/{path} HTTP/1.1",
        f"Host: {base.netloc}",
        "User-Agent: dicom-assay",
        f"Accept: {accept}",
    ]
    if length:
        multipart = f'multipart/related; type="application/dicom"; boundary={_BOUNDARY.decode()}'
        lines += [f"Content-Type: {multipart}", f"Content-Length: {length}"]
    return "\r\n".join([*lines, "", ""]).encode("ascii")
