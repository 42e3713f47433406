"""The device as a de-identifier of files (PS3.15 E): what it does not understand does not leave.

A file is read strictly, rebuilt element by element at every depth, and written with a head of its
own; a rule decides what becomes of an attribute, and where none does, its kind. Whatever cannot be
read to the end, or cannot be cleaned, is refused, and nothing is written.
"""

import datetime
import hmac
import secrets
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from harness import deidentification
from simulators.devices.reference.errors import CannotDecodeError, RefusedError
from simulators.devices.reference.flaws import Flaws
from simulators.devices.reference.reader import DOCUMENT, Opened, Reader
from simulators.devices.reference.scanner import DataSetError
from simulators.devices.reference.uids import EXPLICIT_LE
from simulators.wire import uids
from simulators.wire.dataset import UNDEFINED, DataItem, Element, encode_dataset
from simulators.wire.reading import Found, read_elements

DONE, REFUSED = 0, 1
MODIFIED_DATES: Final = "retain-longitudinal-modified"
BURNED_IN: Final = 0x00280301

_DUMMIES: Final = {
    "AE": "ANONYMOUS", "AS": "000Y", "CS": "ANONYMOUS", "DA": "19000101", "DS": "0",
    "DT": "19000101", "IS": "0", "PN": "ANONYMOUS", "TM": "000000", "UR": "urn:anonymous",
}  # fmt: skip
_DUMMY: Final = "anonymous"
_OCTETS: Final = frozenset(("OB", "OD", "OF", "OL", "OV", "OW", "UN"))
_LEAST_DAYS: Final = 4000
_FLAVOURS: Final = 3650
_ITEM_END: Final = 0xFFFEE0DD
_ITEM_HEAD: Final = 8


class Deidentifier:
    """Makes one file another one of which nobody can tell whose it is.

    Args:
        out: Where it writes.
        options: The options of PS3.15 E.3 that it keeps to.
    """

    def __init__(self, out: Path, options: Sequence[str]) -> None:
        self.out = out
        self.options = options
        # Whoever does not know it can neither go back nor compare two exports.
        self._secret = secrets.token_bytes(32)

    def run(self, path: Path) -> str:
        """De-identify a file; return the new instance UID.

        Raises:
            RefusedError, DataSetError, CannotDecodeError: It cannot be read or cleaned.
            OSError: It cannot be read or written.
        """
        opened = Reader(None, Flaws()).open(path)
        if opened.meta[0x10] != EXPLICIT_LE:
            raise RefusedError("transfer syntax not supported")
        self.check(opened)
        content = {each.tag: each for each in self.treated(list(opened.elements.values()), 0)}
        content |= {each.tag: each for each in self.marks()}
        instance = str(content[0x00080018].value)
        raw = encode_dataset([each for _, each in sorted(content.items())], "explicit")
        head = self.head(opened, str(content[0x00080016].value), instance)
        (self.out / f"{instance}.dcm").write_bytes(head + raw + self.tail(opened))
        return instance

    def check(self, opened: Opened) -> None:
        """Refuse what cannot be cleaned.

        Raises:
            RefusedError: It is that.
        """
        if DOCUMENT in opened.elements:
            raise RefusedError("a document cannot be cleaned")
        if opened.value(BURNED_IN) == b"YES":
            raise RefusedError("annotation that is burned in cannot be cleaned")

    def head(self, _opened: Opened, sop_class: str, instance: str) -> bytes:
        """Return a new preamble and new file meta information."""
        meta = (
            Element(tag=0x00020001, vr="OB", value=b"\0\1"),
            Element(tag=0x00020002, vr="UI", value=sop_class),
            Element(tag=0x00020003, vr="UI", value=instance),
            Element(tag=0x00020010, vr="UI", value=uids.EXPLICIT_LE),
            Element(tag=0x00020012, vr="UI", value=uids.IMPLEMENTATION_CLASS_UID),
        )
        raw = encode_dataset(meta, "explicit")
        length = Element(tag=0x00020000, vr="UL", value=len(raw).to_bytes(4, "little"))
        return bytes(128) + b"DICM" + encode_dataset((length,), "explicit") + raw

    def tail(self, _opened: Opened) -> bytes:
        """Return what follows the data set."""
        return b""

    def marks(self) -> Iterator[Element]:
        """Yield what says that this was done, and how (PS3.15 E.1.1)."""
        yield Element(tag=0x00120062, vr="CS", value="YES")
        yield Element(tag=0x00120063, vr="LO", value="dicom-assay reference device")
        codes = deidentification.codes()
        named = [codes[name] for name in ("basic", *self.options)]
        yield Element(tag=0x00120064, vr="SQ", value=tuple(_code(code) for code in named))
        dates = "MODIFIED" if MODIFIED_DATES in self.options else "REMOVED"
        yield Element(tag=0x00280303, vr="CS", value=dates)

    def treated(self, elements: Sequence[Found], depth: int) -> list[Element]:
        """Return what may leave of the elements of a data set or an item."""
        kept = (self.treat(each, depth) for each in elements)
        return [each for each in kept if each is not None]

    def treat(self, found: Found, depth: int) -> Element | None:
        """Return what may leave of an element; None where that is nothing."""
        group = found.tag >> 16
        if group % 2 or not found.tag & 0xFFFF or group in range(0x6000, 0x6100):
            return None
        action = self.action(found)
        if "X" in action or (not action and found.vr == "UN"):
            return None
        if action == "U":
            return Element(tag=found.tag, vr="UI", value=self.uid(found.value))
        if action == "Z":
            return Element(tag=found.tag, vr=found.vr, value=b"")
        if "D" in action:
            return _dummy(found)
        if action == "C" or found.vr in ("DA", "DT"):
            return self.moved(found)
        if found.vr == "SQ":
            items = (
                DataItem(elements=tuple(self.treated(item, depth + 1))) for item in _items(found)
            )
            return Element(tag=found.tag, vr="SQ", value=tuple(items))
        return self.kept(found)

    def action(self, found: Found) -> str:
        """Return what the table says of an attribute; nothing where it says nothing."""
        row = deidentification.row_of(found.tag)
        return row.action(self.options) if row else ""

    def kept(self, found: Found) -> Element:
        """Return an element as it is."""
        return Element(tag=found.tag, vr=found.vr, value=found.value)

    def uid(self, value: bytes) -> str:
        """Return the UID that stands for another one in this run (PS3.5 B.2)."""
        digest = hmac.digest(self._secret, value.rstrip(b"\0 "), "sha256")
        return f"2.25.{int.from_bytes(digest[:16], 'big')}"

    def days(self) -> int:
        """Return by how many days every date is moved."""
        return _LEAST_DAYS + int.from_bytes(self._secret[:4], "big") % _FLAVOURS

    def moved(self, found: Found) -> Element:
        """Return a date moved by the days of this run; what is none becomes nothing."""
        text = found.value.decode("latin-1").strip(" \0")
        if found.vr == "TM":
            fits = not text.strip("0123456789.")
            return self.kept(found) if fits else Element(tag=found.tag, vr="TM", value=b"")
        try:
            day = datetime.datetime.strptime(text[:8], "%Y%m%d").replace(tzinfo=datetime.UTC)
            moved = day - datetime.timedelta(days=self.days())
        except (ValueError, OverflowError):
            return Element(tag=found.tag, vr=found.vr, value=b"")
        rest = text[8:] if all(c in "0123456789.+-" for c in text[8:]) else ""
        return Element(tag=found.tag, vr=found.vr, value=f"{moved:%Y%m%d}{rest}")


def deidentify_file(path: Path, out: Path, options: Sequence[str], flaws: Flaws) -> int:
    """De-identify one file; return the exit code."""
    device = Deidentifier(out, options)
    if flaws.names:
        # A sound device never loads the flaws.
        from simulators.devices.reference.deidentifier_flaws import flawed_deidentifier

        device = flawed_deidentifier(out, options, flaws)
    try:
        made = device.run(path)
    except (RefusedError, DataSetError, CannotDecodeError) as error:
        # What the file says is not repeated: the log is a channel too.
        sys.stderr.write(f"refused: {type(error).__name__}\n")
        return REFUSED
    except OSError as error:
        sys.stderr.write(f"refused: {error.strerror}\n")
        return REFUSED
    sys.stdout.write(f"de-identified {made}\n")
    return DONE


def _code(value: str) -> DataItem:
    return DataItem(
        elements=(
            Element(tag=0x00080100, vr="SH", value=value),
            Element(tag=0x00080102, vr="SH", value="DCM"),
            Element(tag=0x00080104, vr="LO", value="De-identification"),
        )
    )


def _dummy(found: Found) -> Element:
    """Return a value that says nothing and fits its representation."""
    if found.vr == "SQ":
        return Element(tag=found.tag, vr="SQ", value=(DataItem(),))
    if found.vr in _OCTETS or found.vr not in {*_DUMMIES, "LO", "LT", "SH", "ST", "UC", "UT"}:
        return Element(tag=found.tag, vr=found.vr, value=bytes(len(found.value)))
    return Element(tag=found.tag, vr=found.vr, value=_DUMMIES.get(found.vr, _DUMMY))


def _items(found: Found) -> Iterator[Sequence[Found]]:
    """Yield the elements of each item; the structure was scanned before."""
    value, at = found.value, 0
    while at + _ITEM_HEAD <= len(value):
        tag = int.from_bytes(value[at : at + 2], "little") << 16
        tag |= int.from_bytes(value[at + 2 : at + 4], "little")
        length = int.from_bytes(value[at + 4 : at + 8], "little")
        if tag == _ITEM_END:
            return
        at += _ITEM_HEAD
        body = value[at:] if length == UNDEFINED else value[at : at + length]
        inner = read_elements(body, EXPLICIT_LE.decode()).elements
        yield inner
        if length == UNDEFINED:
            length = (inner[-1].end if inner else 0) + _ITEM_HEAD
        at += length
