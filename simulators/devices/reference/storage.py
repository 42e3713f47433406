"""Where received objects go: a safe name for every object, Part 10 files, never overwritten.

An object is answered for only when its file has its final name, so a device that is killed has
lost nothing that it acknowledged, and the next one finds it again (:mod:`.reopening`). One writer
per UID at a time, and no lock is held while a file of another UID is written.
"""

import errno
import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from simulators.devices.reference import command
from simulators.devices.reference.file_format import file_meta, safe_name, without_separators
from simulators.devices.reference.flaws import FlawName, Flaws
from simulators.devices.reference.index import STUDY_UID, Index, Instance, digest_of
from simulators.devices.reference.options import AcceptorOptions
from simulators.devices.reference.uids import is_uid
from simulators.devices.reference.volume import Volume

PARTIAL = ".part"
_MODE = 0o600
_STRIPES = 64
_DEFECTS: tuple[FlawName, ...] = (
    "loses_one_in_many",
    "mixes_up_objects",
    "stores_twice",
    "leaks_per_object",
    "previews_on_arrival",
    "full_disk_says_success",
    "keeps_partial_when_full",
    "stays_full",
    "loses_on_restart",
    "drops_private_attributes",
    "trims_values",
    "coerces_silently",
    "doubles_what_is_repeated",
)
_CARELESS: tuple[FlawName, ...] = (
    "replaces_silently",
    "mixes_parallel_stores",
    "shortens_file_name",
    "follows_links",
    "world_writable_files",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """An object that came and is to be stored.

    Attributes:
        sop_instance: SOP Instance UID, not checked yet.
        data: Data set as received.
        values: Its short top-level values by tag.
        area: Subdirectory of this service; empty for none.
    """

    sop_class: bytes
    sop_instance: bytes
    transfer_syntax: bytes
    data: bytes
    values: dict[int, bytes]
    area: str


class Store:
    """The objects of one device, on disk and in a small index in memory."""

    def __init__(self, options: AcceptorOptions) -> None:
        """Open the storage; what an earlier run of the device stored is there again.

        Raises:
            OSError: The directory cannot be made or read.
        """
        self.root = options.storage
        self._flaws: Flaws = options.flaws
        self._sync = options.sync
        self._stripes = [threading.Lock() for _ in range(_STRIPES)]
        self._index = Index()
        self._serial = count()
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        if os.listdir(self.root):
            # A device that starts afresh does not load what looks for the past.
            from simulators.devices.reference.reopening import reopen

            reopen(self.root, self._index)
        self._volume = Volume(self.root, options.limits.quota)

    def __iter__(self) -> Iterator[Instance]:
        """Yield the stored objects in order of arrival."""
        return iter(self._index)

    def get(self, sop_instance: bytes) -> Instance | None:
        """Return a stored object, or None."""
        return self._index.get(sop_instance)

    def add(self, arrival: Arrival) -> int:
        """Store an object and return the status for its C-STORE response."""
        uid = arrival.sop_instance
        legal = is_uid(uid)
        if not legal and not (self._flaws.has("raw_file_name") or self._flaws.has("FO-4")):
            return command.INVALID_INSTANCE
        with self._stripes[hash(uid) % _STRIPES]:
            stored = self._index.get(uid)
            if stored is not None and stored.exists():
                return self._again(stored, arrival.data)
            foreign = self._index.is_foreign(arrival.values)
            if foreign and not self._flaws.has("merges_foreign_objects"):
                return command.OF_ANOTHER_PATIENT
            meta = file_meta(arrival.sop_class, uid, arrival.transfer_syntax)
            if not self._volume.reserve(len(meta) + len(arrival.data)):
                return self._without_room(arrival, meta)
            status = self._keep(arrival, meta)
        if status == command.SUCCESS and not legal and self._flaws.has("FO-4"):
            return command.COERCED
        return status

    def withdraw(self, sop_instances: Iterable[bytes]) -> None:
        """Remove objects, as far as they are there."""
        there = [stored for uid in sop_instances if (stored := self._index.get(uid)) is not None]
        for stored in there:
            with suppress(FileNotFoundError):
                os.unlink(stored.path)
        if there:
            self._index.forget_vanished()

    def _keep(self, arrival: Arrival, meta: bytes) -> int:
        """Write an object for which room was reserved, and enter it into the index."""
        size = len(meta) + len(arrival.data)
        try:
            path = self._path(arrival)
            path = self._write(path, meta, arrival.data)
        except (OSError, ValueError):
            self._volume.cancel(size)
            return command.OUT_OF_RESOURCES
        self._volume.settle(size)
        checked = not self._flaws.has("serves_tampered")
        digest = digest_of(arrival.data) if checked else b""
        self._enter(arrival.sop_instance, arrival, path, len(meta), digest)
        return command.SUCCESS

    def _enter(
        self, key: bytes, arrival: Arrival, path: str, header: int, digest: bytes = b""
    ) -> None:
        self._index.enter(
            key,
            identity=(arrival.sop_class, arrival.sop_instance, arrival.transfer_syntax),
            values=arrival.values,
            path=path,
            header=header,
            digest=digest,
        )

    def _without_room(self, _arrival: Arrival, _meta: bytes) -> int:
        """Answer for an object that does not fit; forget those whose files somebody removed."""
        self._index.forget_vanished()
        return command.OUT_OF_RESOURCES

    def _again(self, stored: Instance, data: bytes) -> int:
        """Answer for an object that is here already: the first one is never replaced."""
        with suppress(OSError):
            if stored.data_set() == data:
                return command.SUCCESS
        return command.DUPLICATE_INSTANCE

    def _path(self, arrival: Arrival) -> str:
        """Return where an object belongs; only the flaws let a peer choose outside the root."""
        root = f"{self.root}/{arrival.area}" if arrival.area else str(self.root)
        if self._flaws.has("raw_file_name"):
            return str(Path(root) / arrival.sop_instance.decode("latin-1"))
        study = arrival.values.get(STUDY_UID, b"").rstrip(b"\0 ")
        if self._flaws.has("dots_only_directory"):
            directory = f"{root}/{without_separators(study) or 'unassigned'}"
        else:
            directory = f"{root}/{safe_name(study)}"
        if not os.path.isdir(directory):
            os.makedirs(directory, exist_ok=True, mode=0o700)
        elif self._leads_out(directory):
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), directory)
        return f"{directory}/{safe_name(arrival.sop_instance)}.dcm"

    def _leads_out(self, directory: str) -> bool:
        """Tell whether a folder of the storage is a link: nobody made it but a stranger."""
        return os.path.islink(directory)

    def _write(self, path: str, meta: bytes, data: bytes) -> str:
        """Write beside the final name, then rename: nobody ever sees half an object."""
        partial = self._partial(path)
        try:
            self._write_partial(partial, meta, data)
            os.rename(partial, path)
        except OSError:
            with suppress(FileNotFoundError):
                os.unlink(partial)
            raise
        if self._sync:
            _synchronise(os.path.dirname(path))
        return path

    def _partial(self, path: str) -> str:
        return f"{os.path.dirname(path)}/.{next(self._serial)}{PARTIAL}"

    def _write_partial(self, partial: str, meta: bytes, data: bytes) -> None:
        descriptor = os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _MODE)
        try:
            written = os.writev(descriptor, (meta, data))
            while written < len(meta) + len(data):
                written += os.write(descriptor, (meta + data)[written:])
            if self._sync:
                os.fsync(descriptor)
        finally:
            os.close(descriptor)


def open_store(options: AcceptorOptions) -> Store:
    """Return the storage of a device; raises as :class:`Store` does."""
    if options.flaws.any_of(*_CARELESS):
        from simulators.devices.reference.careless_store import CarelessStore

        return CarelessStore(options)
    if options.flaws.any_of(*_DEFECTS):
        from simulators.devices.reference.store_flaws import DefectiveStore

        return DefectiveStore(options)
    return Store(options)


def _synchronise(directory: str) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
