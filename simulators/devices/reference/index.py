"""What is stored, in memory: small enough for a hundred thousand objects of a busy day."""

import hashlib
import os
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

STUDY_UID = 0x0020000D
SERIES_UID = 0x0020000E
SOP_CLASS_UID = 0x00080016
SOP_INSTANCE_UID = 0x00080018
INSTANCE_NUMBER = 0x00200013
PATIENT_ID = 0x00100020
_DIGEST_SIZE = 16

KEPT = frozenset({
    0x00080005, SOP_CLASS_UID, 0x00080020, 0x00080030, 0x00080050, 0x00080060, 0x00080090,
    0x00081030, 0x0008103E, 0x00100010, 0x00100020, 0x00100030, 0x00100040, STUDY_UID, SERIES_UID,
    0x00200010, 0x00200011,
})  # fmt: skip
"""Attributes that queries know, beside SOP Instance UID and Instance Number."""


class TamperedError(OSError):
    """A file is not what was stored."""


def digest_of(data: bytes) -> bytes:
    """Return by what a data set is known again."""
    return hashlib.blake2b(data, digest_size=_DIGEST_SIZE).digest()


@dataclass(frozen=True, slots=True)
class Instance:
    """One stored object.

    Attributes:
        path: Its Part 10 file.
        header: Length of preamble and file meta information, bytes: the data set starts there.
        number: Instance Number, as sent.
        shared: The values in :data:`KEPT` by tag; one mapping for all objects that have the same.
        digest: Of the data set as it was stored; empty: it is not checked.
    """

    sop_class: bytes
    sop_instance: bytes
    transfer_syntax: bytes
    path: str
    header: int
    number: bytes
    shared: Mapping[int, bytes]
    digest: bytes = b""

    def value(self, tag: int) -> bytes | None:
        """Return the value of an attribute, or None where the device has none."""
        if tag == SOP_INSTANCE_UID:
            return self.sop_instance
        return self.number or None if tag == INSTANCE_NUMBER else self.shared.get(tag)

    def data_set(self) -> bytes:
        """Return the data set as it was received.

        Raises:
            TamperedError: The file holds another one.
            OSError: It cannot be read.
        """
        with open(self.path, "rb") as file:
            file.seek(self.header)
            data = file.read()
        if self.digest and digest_of(data) != self.digest:
            raise TamperedError(f"{self.path} was changed")
        return data

    def exists(self) -> bool:
        """Tell whether the file is still there."""
        return os.path.exists(self.path)


class Index:
    """The stored objects by key, which is the SOP Instance UID, in order of arrival."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._instances: dict[bytes, Instance] = {}
        self._uids: dict[bytes, bytes] = {}
        self._shared: dict[tuple[tuple[int, bytes], ...], Mapping[int, bytes]] = {}
        self._patients: dict[bytes, bytes] = {}

    def __iter__(self) -> Iterator[Instance]:
        """Yield what is there now; objects that come meanwhile do not disturb."""
        with self._lock:
            return iter(list(self._instances.values()))

    def get(self, key: bytes) -> Instance | None:
        """Return an object, or None."""
        return self._instances.get(key)

    def is_foreign(self, values: Mapping[int, bytes]) -> bool:
        """Tell whether an object with those values names the study of another patient."""
        study, patient = _owner(values)
        return bool(patient) and self._patients.get(study, patient) != patient

    def enter(
        self,
        key: bytes,
        *,
        identity: tuple[bytes, bytes, bytes],
        values: Mapping[int, bytes],
        path: str,
        header: int,
        digest: bytes = b"",
    ) -> None:
        """Add an object, or replace the one with that key.

        Args:
            key: SOP Instance UID.
            identity: SOP Class, SOP Instance and transfer syntax UID.
            values: Its short top-level values by tag.
            path: Its file.
            header: Where its data set begins.
            digest: Of the data set; empty: it is never checked.
        """
        kept = tuple((tag, value) for tag, value in values.items() if tag in KEPT)
        sop_class, sop_instance, syntax = identity
        number = values.get(INSTANCE_NUMBER, b"")
        with self._lock:
            shared = self._shared.get(kept) or self._shared.setdefault(kept, dict(kept))
            # Equal UIDs come as new objects each time; one of each is enough.
            sop_class = self._uids.setdefault(sop_class, sop_class)
            syntax = self._uids.setdefault(syntax, syntax)
            self._instances[key] = Instance(
                sop_class, sop_instance, syntax, path, header, number, shared, digest
            )
            study, patient = _owner(values)
            if study and patient:
                self._patients.setdefault(study, patient)

    def forget_vanished(self) -> None:
        """Drop the objects whose files somebody took away."""
        with self._lock:
            every = list(self._instances.items())
        gone = [(key, each) for key, each in every if not each.exists()]
        with self._lock:
            for key, each in gone:
                if self._instances.get(key) is each:
                    del self._instances[key]


def _owner(values: Mapping[int, bytes]) -> tuple[bytes, bytes]:
    """Return study and patient, without padding."""
    return values.get(STUDY_UID, b"").rstrip(b"\0 "), values.get(PATIENT_ID, b"").strip(b"\0 ")
