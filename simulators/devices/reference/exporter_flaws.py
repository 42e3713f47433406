"""The flaws of the device as a program that writes media: loaded only when one is switched on."""

from pathlib import Path
from typing import Final

from simulators.devices.reference.errors import RefusedError
from simulators.devices.reference.exporter import DIRECTORY, FOLDER, Exporter
from simulators.devices.reference.file_format import file_meta
from simulators.devices.reference.part10 import meta_of
from simulators.devices.reference.reader import Opened
from simulators.devices.reference.reader_bounds import write_inside
from simulators.devices.reference.scanner import DataSetError
from simulators.wire.reading import read_elements

_EMPTY: Final = file_meta(b"1.2.840.10008.5.1.4.1.1.7", b"2.25.1", b"1.2.840.10008.1.2.1")


class FlawedExporter(Exporter):
    """Writes as the sound one does, but for its flaws."""

    def take(self, path: Path) -> None:
        """Take a file, and sometimes what is none."""
        has = self.flaws.has
        if has("export_names_files_after_patients"):
            self._name_after_patient(path)
        try:
            super().take(path)
        except (RefusedError, DataSetError):
            if not has("export_lists_what_it_lacks"):
                raise
            self._list_anyhow(path)

    def leave_out(self, path: Path, error: Exception) -> None:
        """Note what is left out, or say nothing of it."""
        if not self.flaws.has("export_lists_what_it_lacks"):
            super().leave_out(path, error)

    def write(self) -> None:
        """Write the medium, and more than that."""
        super().write()
        first = next(iter(self.taken.values()))
        if self.flaws.has("export_leaves_logs"):
            named = b"exported " + first.value(0x00100010) + b"\n"
            (self.out / "EXPORT.LOG").write_bytes(named)

    def listed(self) -> list[tuple[bytes, dict[int, bytes]]]:
        """Return what the directory names, or one file less."""
        listed = super().listed()
        return listed[:-1] if self.flaws.has("export_forgets_a_record") and listed[1:] else listed

    def content_of(self, opened: Opened) -> bytes:
        """Return a file, with what stood before its prefix."""
        if self.flaws.has("export_keeps_preambles"):
            return opened.content
        return super().content_of(opened)

    def write_file(self, name: str, content: bytes) -> None:
        """Write one file of the medium, and some without a seal."""
        if self.flaws.has("export_leaves_the_directory_open") and name == DIRECTORY:
            (self.out / name).write_bytes(content)
            return
        super().write_file(name, content)

    def _name_after_patient(self, path: Path) -> None:
        """Write a copy under the identifier of its patient."""
        content = path.read_bytes()
        _, begin = meta_of(content)
        found = read_elements(content[begin:], "1.2.840.10008.1.2.1").elements
        values = {each.tag: each.value.rstrip(b"\0 ") for each in found}
        for tag in (0x00100020, 0x00080018, 0x0020000D, 0x0020000E, 0x00080060):
            if b".." in values.get(tag, b""):
                write_inside(self.out / FOLDER, values[tag], content)

    def _list_anyhow(self, path: Path) -> None:
        """Give a file that cannot be taken a record, whatever stands there."""
        instance = b"2.25.%d" % len(self.taken)
        meta = {2: b"1.2.840.10008.5.1.4.1.1.7", 3: instance, 0x10: b"1.2.840.10008.1.2.1"}
        self.taken[instance] = Opened(path, _EMPTY, meta, 0, {})
