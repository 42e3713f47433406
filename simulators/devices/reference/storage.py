"""Where received objects go: a safe name for every object, Part 10 files, never overwritten."""

import hashlib
import os
import struct
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from simulators.devices.reference import command
from simulators.devices.reference.flaws import Flaws
from simulators.devices.reference.uids import (
    IMPLEMENTATION_CLASS,
    IMPLEMENTATION_VERSION,
    is_uid,
)

STUDY_UID = 0x0020000D
SOP_CLASS_UID = 0x00080016
SOP_INSTANCE_UID = 0x00080018

_SHORT = struct.Struct("<HH2sH")
_LONG = struct.Struct("<HH2sxxI")
_PREAMBLE = bytes(128) + b"DICM"
_MODE = 0o600
_STRIPES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """One stored object.

    Attributes:
        header: Length of preamble and file meta information, bytes: the data set starts there.
        values: Short top-level values by tag.
    """

    sop_class: bytes
    sop_instance: bytes
    transfer_syntax: bytes
    path: Path
    header: int
    values: dict[int, bytes]

    def data_set(self) -> bytes:
        """Return the data set as it was received."""
        return self.path.read_bytes()[self.header :]


class Store:
    """The objects of one device, on disk and in a small index in memory."""

    def __init__(self, root: Path, flaws: Flaws) -> None:
        self.root = root
        self._flaws = flaws
        self._lock = threading.Lock()
        self._stripes = [threading.Lock() for _ in range(_STRIPES)]
        self._instances: dict[bytes, Instance] = {}
        self._serial = count()
        root.mkdir(parents=True, exist_ok=True, mode=0o700)

    def __iter__(self) -> Iterator[Instance]:
        """Yield the stored objects in order of arrival."""
        with self._lock:
            return iter(list(self._instances.values()))

    def add(
        self,
        *,
        sop_class: bytes,
        sop_instance: bytes,
        transfer_syntax: bytes,
        data: bytes,
        values: dict[int, bytes],
        area: str,
    ) -> int:
        """Write an object and return the status for its C-STORE response.

        Args:
            sop_class: SOP Class UID.
            sop_instance: SOP Instance UID, not checked yet.
            transfer_syntax: Transfer syntax UID of ``data``.
            data: Data set as received.
            values: Short top-level values by tag.
            area: Subdirectory of this service; empty for none.
        """
        legal = is_uid(sop_instance)
        if not legal and not (self._flaws.has("raw_file_name") or self._flaws.has("FO-4")):
            return command.INVALID_INSTANCE
        meta = file_meta(sop_class, sop_instance, transfer_syntax)
        # One writer per UID at a time; different UIDs are written in parallel.
        with self._stripes[hash(sop_instance) % _STRIPES]:
            if sop_instance in self._instances:
                return self._again(self._instances[sop_instance], data)
            try:
                path = self._path(sop_instance, values.get(STUDY_UID, b""), area)
                if self._taken(path, meta, data):
                    return command.DUPLICATE_INSTANCE
                self._write(path, meta, data)
            except (OSError, ValueError):
                return command.OUT_OF_RESOURCES
            instance = Instance(
                sop_class=sop_class,
                sop_instance=sop_instance,
                transfer_syntax=transfer_syntax,
                path=path,
                header=len(meta),
                values=values,
            )
            with self._lock:
                self._instances[sop_instance] = instance
        return command.SUCCESS if legal or not self._flaws.has("FO-4") else command.COERCED

    def _again(self, stored: Instance, data: bytes) -> int:
        """Answer for an object that is here already: the first one is never replaced."""
        with suppress(OSError):
            if stored.data_set() == data:
                return command.SUCCESS
        return command.DUPLICATE_INSTANCE

    def _taken(self, path: Path, meta: bytes, data: bytes) -> bool:
        """Tell whether an earlier run of the device left another object under this name."""
        if self._flaws.has("raw_file_name") or not path.exists():
            return False
        return path.read_bytes() != meta + data

    def _path(self, sop_instance: bytes, study: bytes, area: str) -> Path:
        """Return where an object belongs; only the flaws let a peer choose outside the root."""
        root = self.root / area if area else self.root
        if self._flaws.has("raw_file_name"):
            return root / sop_instance.decode("latin-1")
        study = study.rstrip(b"\0 ")
        if self._flaws.has("dots_only_directory"):
            directory = root / (without_separators(study) or "unassigned")
        else:
            directory = root / safe_name(study)
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        return directory / f"{safe_name(sop_instance)}.dcm"

    def _write(self, path: Path, meta: bytes, data: bytes) -> None:
        """Write beside the final name, then rename: nobody ever sees half an object."""
        partial = path.with_name(f".{next(self._serial)}.part")
        try:
            with os.fdopen(
                os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _MODE), "wb"
            ) as f:
                f.write(meta)
                f.write(data)
            partial.replace(path)
        except OSError:
            partial.unlink(missing_ok=True)
            raise


def safe_name(uid: bytes) -> str:
    """Return a UID itself when it is one, else a hash: a name that holds nothing of it."""
    if is_uid(uid):
        return uid.decode("ascii")
    return "unassigned" if not uid else f"illegal-{hashlib.sha256(uid).hexdigest()[:32]}"


def without_separators(value: bytes) -> str:
    """Replace path separators and control characters, and forget names made of dots (a flaw)."""
    return "".join(
        "_" if character in '/\\:*?"<>|' or character < " " else character
        for character in value.decode("latin-1")
    )


def file_meta(sop_class: bytes, sop_instance: bytes, transfer_syntax: bytes) -> bytes:
    """Return preamble, prefix and file meta information of a Part 10 file (PS3.10 7.1)."""
    body = b"".join(
        (
            _LONG.pack(2, 1, b"OB", 2) + b"\0\1",
            _short(2, b"UI", sop_class),
            _short(3, b"UI", sop_instance),
            _short(0x10, b"UI", transfer_syntax),
            _short(0x12, b"UI", IMPLEMENTATION_CLASS),
            _short(0x13, b"SH", IMPLEMENTATION_VERSION),
        )
    )
    return _PREAMBLE + _SHORT.pack(2, 0, b"UL", 4) + len(body).to_bytes(4, "little") + body


def _short(element: int, vr: bytes, value: bytes) -> bytes:
    padded = value + (b"\0" if vr == b"UI" else b" ") * (len(value) % 2)
    return _SHORT.pack(2, element, vr, len(padded)) + padded
