"""The flaws of storage that are careless with names, links, modes and what is there already.

Loaded by a device that has one.
"""

import os
import time
from pathlib import Path

from simulators.devices.reference import command
from simulators.devices.reference.file_format import file_meta
from simulators.devices.reference.storage import Arrival
from simulators.devices.reference.store_flaws import DefectiveStore

_LONGEST_NAME = 60
_LARGE = 1 << 16
_DISK_S = 0.3
_OPEN_TO_ALL = 0o666


class CarelessStore(DefectiveStore):
    """A storage with the flaws that are switched on."""

    def add(self, arrival: Arrival) -> int:
        """Store an object, or do what the flaws do instead."""
        if self._flaws.has("replaces_silently"):
            self.withdraw([arrival.sop_instance])
        if self._flaws.has("mixes_parallel_stores") and len(arrival.data) >= _LARGE:
            return self._add_in_pieces(arrival)
        return super().add(arrival)

    def _add_in_pieces(self, arrival: Arrival) -> int:
        """Write a large object in two pieces, and go on where another writer of it has stopped."""
        stored = self._index.get(arrival.sop_instance)
        if stored is not None and stored.exists():
            return self._again(stored, arrival.data)
        meta = file_meta(arrival.sop_class, arrival.sop_instance, arrival.transfer_syntax)
        path, whole = self._path(arrival), meta + arrival.data
        with open(path, "ab") as file:
            if not file.tell():
                file.write(whole[: len(whole) // 2])
                file.flush()
                time.sleep(_DISK_S)
            file.write(whole[os.fstat(file.fileno()).st_size :])
        self._enter(arrival.sop_instance, arrival, path, len(meta))
        return command.SUCCESS

    def _path(self, arrival: Arrival) -> str:
        path = super()._path(arrival)
        if not self._flaws.has("shortens_file_name"):
            return path
        folder, name = os.path.split(path)
        return f"{folder}/{name.removesuffix('.dcm')[:_LONGEST_NAME]}.dcm"

    def _leads_out(self, directory: str) -> bool:
        return not self._flaws.has("follows_links") and super()._leads_out(directory)

    def _write(self, path: str, meta: bytes, data: bytes) -> str:
        if self._flaws.has("follows_links") and os.path.islink(path):
            Path(path).write_bytes(meta + data)
            return path
        written = super()._write(path, meta, data)
        if self._flaws.has("world_writable_files"):
            os.chmod(written, _OPEN_TO_ALL)
        return written
