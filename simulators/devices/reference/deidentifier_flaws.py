"""The flaws of the device as a de-identifier: loaded only when one is switched on."""

import secrets
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from simulators.devices.reference.deidentifier import Deidentifier
from simulators.devices.reference.errors import CannotDecodeError, RefusedError
from simulators.devices.reference.flaws import FlawName, Flaws
from simulators.devices.reference.reader import DOCUMENT, PIXEL_DATA, Opened
from simulators.devices.reference.scanner import DataSetError
from simulators.wire.dataset import Element
from simulators.wire.reading import Found

_PATIENT_GROUP: Final = 0x0010
_UIDS: Final = "U"
_SCATTER: Final = 1000


def flawed_deidentifier(out: Path, options: Sequence[str], flaws: Flaws) -> Deidentifier:
    """Return a de-identifier with what is switched on."""
    return _FlawedDeidentifier(out, options, flaws)


class _FlawedDeidentifier(Deidentifier):
    """De-identifies as the sound one does, but for its flaws."""

    def __init__(self, out: Path, options: Sequence[str], flaws: Flaws) -> None:
        super().__init__(out, options)
        self.flaws = flaws
        self._dates = 0

    def run(self, path: Path) -> str:
        """De-identify a file, or hand it on as it is where that cannot be done."""
        try:
            return super().run(path)
        except (RefusedError, DataSetError, CannotDecodeError):
            if not self.flaws.has("deid_passes_through"):
                raise
            (self.out / path.name).write_bytes(path.read_bytes())
            return path.name

    def check(self, opened: Opened) -> None:
        """Refuse what cannot be cleaned, unless a flaw looks away."""
        if not (self.flaws.has("deid_keeps_documents") and DOCUMENT in opened.elements):
            super().check(opened)

    def head(self, opened: Opened, sop_class: str, instance: str) -> bytes:
        """Return a head, the old one where a flaw keeps it."""
        if self.flaws.has("deid_keeps_file_head"):
            return opened.content[: opened.begin]
        return super().head(opened, sop_class, instance)

    def marks(self) -> Iterator[Element]:
        """Yield what says that this was done."""
        if not self.flaws.has("deid_does_not_say_so"):
            yield from super().marks()

    def treated(self, elements: Sequence[Found], depth: int) -> list[Element]:
        """Return what may leave of the elements, and of deep ones what a flaw lets leave."""
        if self.flaws.has("deid_stops_at_depth_1") and depth > 1:
            return [self.kept(each) for each in elements]
        return super().treated(elements, depth)

    def treat(self, found: Found, depth: int) -> Element | None:
        """Return what may leave of an element, or what a flaw keeps."""
        for name, tags in _KEPT:
            if self.flaws.has(name) and any(found.tag & mask == tag for mask, tag in tags):
                return self.kept(found)
        if self.flaws.has("deid_keeps_private") and found.tag >> 16 & 1:
            return self.kept(found)
        treated = super().treat(found, depth)
        if self.flaws.has("deid_talks_of_patients") and found.tag >> 16 == _PATIENT_GROUP:
            sys.stdout.write(f"({found.tag:08X}) was {found.value.decode('latin-1')}\n")
        return treated

    def action(self, found: Found) -> str:
        """Return what the table says, or nothing for what a flaw has never heard of."""
        said = super().action(found)
        elsewhere = found.tag >> 16 != _PATIENT_GROUP
        if self.flaws.has("deid_knows_few_attributes") and elsewhere and said != _UIDS:
            return ""
        return said

    def kept(self, found: Found) -> Element:
        """Return an element as it is; a picture as a flaw leaves it."""
        if self.flaws.has("deid_spoils_pictures") and found.tag == PIXEL_DATA:
            return Element(tag=found.tag, vr=found.vr, value=bytes(len(found.value)))
        return super().kept(found)

    def uid(self, value: bytes) -> str:
        """Return a UID for another one, a new one each time where a flaw forgets."""
        if self.flaws.has("deid_forgets_uids"):
            return f"2.25.{secrets.randbits(120)}"
        return super().uid(value)

    def days(self) -> int:
        """Return by how many days a date is moved, others each time where a flaw forgets."""
        if self.flaws.has("deid_scatters_dates"):
            self._dates += 1
            return _SCATTER * self._dates
        return super().days()


_ALL: Final = 0xFFFFFFFF
_GROUPS: Final = 0xFF000000

_KEPT: Final[tuple[tuple[FlawName, tuple[tuple[int, int], ...]], ...]] = (
    ("deid_keeps_report_text", ((_ALL, 0x0040A730),)),
    ("deid_keeps_graphics", ((_GROUPS, 0x50000000), (_GROUPS, 0x60000000))),
    ("deid_keeps_documents", ((_ALL, 0x00880200), (_ALL, DOCUMENT))),
    ("deid_keeps_originals", ((_ALL, 0x04000561), (_ALL, 0xFFFAFFFA))),
)
"""What each flaw keeps: attributes by mask and tag."""
