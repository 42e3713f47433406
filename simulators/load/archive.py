"""Objects in a device that answers queries: listed by C-FIND, fetched back by C-GET (PS3.4 C.4).

Both ways hold one association and open it again when it has ended: an archive that ends idle
associations is still an archive.
"""

from __future__ import annotations

import contextlib
import io
import threading
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Final, Protocol

from pydicom import Dataset
from pydicom.filereader import read_dataset

from simulators import wire
from simulators.load import naming
from simulators.load.arrivals import SubOperations
from simulators.load.encoded import Prepared, prepare_find, prepare_get, prepare_move
from simulators.load.kept import Reader
from simulators.load.link import Link
from simulators.load.plan import Target
from simulators.load.verify import WayError, chunks
from simulators.load.waiting import LinkError
from simulators.queries import study_keys
from simulators.wire import uids

MOST_MATCHES: Final = 4096
"""Most matches that one query asks for; more objects are asked for by lists of UIDs."""

AT_ONCE: Final = 16
"""UIDs in one list: devices keep identifiers with longer values from being a burden."""

UNCOMPRESSED: Final = (uids.EXPLICIT_LE, uids.IMPLICIT_LE)
"""Transfer syntaxes in which a content mark can be read."""

_FIND: Final = wire.Context(1, uids.STUDY_ROOT_FIND, UNCOMPRESSED)
_GET: Final = wire.Context(1, uids.STUDY_ROOT_GET, UNCOMPRESSED)
_LOOK_S: Final = 0.2
_SUCCESS: Final = 0x0000
_SOME_FAILED: Final = 0xB000


class Finds:
    """C-FIND at IMAGE level: the names that an archive has in a series.

    Args:
        target: The device.
        uid_root: What every UID of the load begins with.
        most: Most matches that the device returns to one query.
        timeout_s: How long an answer may take.
    """

    name = "C-FIND"

    def __init__(
        self, target: Target, uid_root: str, *, most: int = MOST_MATCHES, timeout_s: float = 30.0
    ) -> None:
        self._root = uid_root
        self._most = most
        self._line = Line(target, (_FIND,), timeout_s)

    def holds(self, lane: int, names: Mapping[str, int], *, whole: bool) -> Counter[str]:
        """How often the archive names each object.

        Raises:
            WayError: It does not answer queries, or not with success.
        """
        if whole and len(names) <= self._most:
            return self._named(lane, "")
        found: Counter[str] = Counter()
        for some in chunks(names, min(AT_ONCE, self._most)):
            found += self._named(lane, "\\".join(some))
        return found

    def close(self) -> None:
        """Releases the association."""
        self._line.close()

    def interrupt(self) -> None:
        """Ends what is under way; may be called from another thread."""
        self._line.interrupt()

    def _named(self, lane: int, listed: str) -> Counter[str]:
        found: Counter[str] = Counter()
        for identifier in self._line.matches(image_keys(self._root, lane, listed)):
            read = _read(identifier, self._line.syntax(_FIND.id))
            found[_text(read, "SOPInstanceUID")] += 1
        return found


class Gets:
    """C-GET of whole studies, or of single images: the objects themselves.

    Args:
        target: The device.
        uid_root: What every UID of the load begins with.
        sop_classes: Of the objects that may come back.
        timeout_s: How long an answer may take.
    """

    name = "C-GET"

    def __init__(
        self, target: Target, uid_root: str, sop_classes: Sequence[str], *, timeout_s: float = 30.0
    ) -> None:
        self._root = uid_root
        storage = [
            wire.Context(2 * place + 3, sop_class, UNCOMPRESSED)
            for place, sop_class in enumerate(sop_classes)
        ]
        self._storage = storage
        self._line = Line(target, (_GET, *storage), timeout_s, receives=tuple(sop_classes))

    def contents(
        self, lane: int, names: Sequence[str], *, whole: bool
    ) -> Iterable[tuple[str, bytes]]:
        """Fetches a whole study, or objects by their names, some at a time.

        Raises:
            WayError: The archive gives nothing back, or broke off.
        """
        if whole:
            study = naming.study_uid(self._root, lane)
            yield from self._came(study_keys(study, retrieve=True))
            return
        for some in chunks(names, AT_ONCE):
            yield from self._came(image_keys(self._root, lane, "\\".join(some)))

    def close(self) -> None:
        """Releases the association."""
        self._line.close()

    def interrupt(self) -> None:
        """Ends what is under way; may be called from another thread."""
        self._line.interrupt()

    def _came(self, keys: Sequence[wire.Element]) -> Iterator[tuple[str, bytes]]:
        yield from self._line.objects(keys, self._mark)

    def _mark(self, name: str, octets: bytes) -> bytes:
        """The mark in an object's pixels: the rest is not kept, however much an archive sends."""
        syntaxes = dict.fromkeys(self._line.syntax(one.id) for one in self._storage)
        read = next((one for one in (_read(octets, s) for s in syntaxes) if one), Dataset())
        pixels = read.get("PixelData", b"")
        mark = bytes(pixels[: naming.MARK_OCTETS]) if isinstance(pixels, bytes) else b""
        # A data set that bears another name than its command says is somebody else's.
        return mark if _text(read, "SOPInstanceUID") == name else b""


@contextlib.contextmanager
def ended_by(cancelled: threading.Event, ways: Sequence[Interruptible]) -> Iterator[None]:
    """Ends the ways of looking soon after `cancelled` is set: a device may answer for ever."""
    over = threading.Event()

    def watch() -> None:
        while not over.wait(_LOOK_S):
            for way in ways if cancelled.is_set() else ():
                way.interrupt()

    thread = threading.Thread(target=watch, name="load-verify-end", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


class Interruptible(Protocol):
    """A way of looking that may have to wait for the device."""

    def interrupt(self) -> None:
        """Ends what is under way; may be called from another thread."""
        ...


class _Prepare(Protocol):
    """`prepare_find`, `prepare_get`, or `prepare_move` to some destination."""

    def __call__(
        self, context_id: int, sop_class: str, identifier: bytes, *, max_pdu: int = 0
    ) -> Prepared: ...


class Line:
    """An association that is opened when it is needed.

    Args:
        target: The device.
        contexts: What to propose, the query model first.
        timeout_s: How long an answer may take.
        receives: SOP Classes whose objects shall come back in a C-GET.
    """

    def __init__(
        self,
        target: Target,
        contexts: Sequence[wire.Context],
        timeout_s: float,
        receives: tuple[str, ...] = (),
    ) -> None:
        caller = target.calling_aes[0]
        self._link = Link(target, caller, contexts, timeout_s=timeout_s, receives=receives)
        self._context = contexts[0]

    def syntax(self, context_id: int) -> str:
        """The transfer syntax of a context; empty when it was not accepted."""
        return self._link.accepted.get(context_id, "")

    def matches(self, keys: Sequence[wire.Element]) -> list[bytes]:
        """Identifiers of all matches."""
        prepared = self._prepared(prepare_find, uids.STUDY_ROOT_FIND, keys)
        try:
            found = self._link.query(prepared)
        except LinkError as error:
            raise WayError(str(error)) from error
        if self._link.status != _SUCCESS:
            raise WayError(f"C-FIND was answered with status {self._link.status:04X}H")
        return found

    def objects(self, keys: Sequence[wire.Element], read: Reader) -> list[tuple[str, bytes]]:
        """Name of everything that comes, and what `read` keeps; what does not come is not there."""
        prepared = self._prepared(prepare_get, uids.STUDY_ROOT_GET, keys)
        try:
            found = self._link.fetch(prepared, read=read)
        except LinkError as error:
            raise WayError(str(error)) from error
        if not found and self._link.status not in (_SUCCESS, _SOME_FAILED):
            raise WayError(f"C-GET was answered with status {self._link.status:04X}H")
        return found

    def interrupt(self) -> None:
        """Ends the connection, if one is open, under whoever waits for it."""
        self._link.interrupt()

    def move(self, keys: Sequence[wire.Element], destination: str) -> SubOperations:
        """Has objects sent to a destination; returns the counts of the final response.

        Raises:
            WayError: The device moves nothing, or broke off.
        """
        to_there: _Prepare = partial(prepare_move, destination=destination)
        prepared = self._prepared(to_there, uids.STUDY_ROOT_MOVE, keys)
        try:
            status = self._link.perform(prepared, 0)
        except LinkError as error:
            raise WayError(str(error)) from error
        if status not in (_SUCCESS, _SOME_FAILED):
            raise WayError(f"C-MOVE was answered with status {status:04X}H")
        return self._link.moved

    def close(self) -> None:
        """Releases the association, if one is open."""
        if self._link.is_open:
            try:
                self._link.release()
            except LinkError:
                return  # it is closed all the same

    def _prepared(self, prepare: _Prepare, model: str, keys: Sequence[wire.Element]) -> Prepared:
        if not self._link.is_open:
            try:
                self._link.open()
            except LinkError as error:
                raise WayError(str(error)) from error
        if self._context.id not in self._link.accepted:
            raise WayError("the device does not accept the query model")
        identifier = wire.encode_dataset(tuple(keys), self.syntax(self._context.id))
        return prepare(self._context.id, model, identifier, max_pdu=self._link.max_pdu)


def image_keys(root: str, lane: int, listed: str) -> tuple[wire.Element, ...]:
    """The identifier for the images of a lane's series, all or those in a list of UIDs."""
    return (
        wire.Element(tag=0x00080018, vr="UI", value=listed),
        wire.Element(tag=0x00080052, vr="CS", value="IMAGE"),
        wire.Element(tag=0x0020000D, vr="UI", value=naming.study_uid(root, lane)),
        wire.Element(tag=0x0020000E, vr="UI", value=naming.series_uid(root, lane)),
    )


def _read(octets: bytes, syntax: str) -> Dataset:
    """A data set; an empty one where a device's octets are none."""
    implicit = syntax == uids.IMPLICIT_LE
    try:
        with warnings.catch_warnings(action="ignore"):  # a device could fill the terminal with them
            return read_dataset(io.BytesIO(octets), implicit, is_little_endian=True)
    except Exception:  # whatever pydicom says of a device's octets
        return Dataset()


def _text(dataset: Dataset, keyword: str) -> str:
    try:
        return str(dataset.get(keyword, ""))
    except Exception:  # pydicom converts a value when it is asked for
        return ""
