"""Objects that a de-identifier is given: honest ones with canaries in one kind of place each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pydicom.datadict import dictionary_VR

from harness import deidentification
from simulators.corpus import files as parts
from simulators.deidentification.canaries import Aviary, Canary
from simulators.wire import uids
from simulators.wire.dataset import DataItem, Element, encode_dataset

FILE_NAME: Final = "IMAGE.DCM"
ANATOMY: Final = 0x00082218
"""Anatomic Region Sequence: no row of the table removes it."""

_BASIC_TEXT_SR: Final = "1.2.840.10008.5.1.4.1.1.88.11"
_ENCAPSULATED_PDF: Final = "1.2.840.10008.5.1.4.1.1.104.1"
_CREATOR: Final = "ASSAY SYNTHETIC"
_ELSEWHERE: Final = frozenset((0x00100040, 0x00080018, 0x0020000D, 0x0020000E, 0x00420011))
"""Attributes whose values programs check before they do anything, and what has its own object."""

SHARES: Final[Mapping[str, tuple[int, int]]] = {
    "study": (0x0008, 0x0008),
    "patient": (0x0010, 0x0012),
    "acquisition": (0x0014, 0x0034),
    "procedure": (0x0038, 0x0040),
    "rest": (0x0042, 0x4FFF),
}
"""The groups of each share of the table: one object with all of it is larger than any real one."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is laid before the de-identifier.

    Attributes:
        octets: The file.
        canaries: What must not come out of it.
        name: How the file is called.
    """

    octets: bytes
    canaries: tuple[Canary, ...]
    name: str = FILE_NAME


Maker = Callable[[str, tuple[str, ...]], Subject]


def honest(token: str, _options: tuple[str, ...] = ()) -> Subject:
    """An honest object, without a canary."""
    picture = Element(tag=0x7FE00010, vr="OW", value=bytes(range(256)))
    return Subject(parts.file_of(parts.changed({picture.tag: picture}, token), token), ())


def listed(share: str, token: str, options: tuple[str, ...]) -> Subject:
    """Every attribute of a share of Table E.1-1 at the top level."""
    birds = Aviary(token, options)
    first, last = SHARES[share]
    added: list[Element] = []
    for key in deidentification.rows():
        if "x" in key or not first <= int(key[:4], 16) <= last:
            continue
        tag = int(key, 16)
        element = None if tag in _ELSEWHERE else birds.listed(tag, vr_of(tag))
        if element is not None:
            added.append(element)
    return made(birds, added)


def nested(depth: int, private: bool, token: str, options: tuple[str, ...]) -> Subject:
    """Attributes of the table in an item at a depth, behind sequences that no row removes.

    Args:
        depth: How many sequences lie around them.
        private: The outermost is a private sequence.
        token: Marks the play.
        options: What the device claims.
    """
    birds = Aviary(token, options)
    inner: tuple[Element, ...] = identities(birds, f" at depth {depth}")
    for _ in range(depth):
        inner = (Element(tag=ANATOMY, vr="SQ", value=(DataItem(elements=inner),)),)
    if private:
        item = DataItem(elements=inner)
        held = Element(tag=0x00091010, vr="SQ", value=(item,))
        return made(birds, (Element(tag=0x00090010, vr="LO", value=_CREATOR), held))
    return made(birds, inner)


def identities(birds: Aviary, where: str) -> tuple[Element, ...]:
    """What says most plainly who somebody is, each with a canary."""
    rows = ((0x00080080, "LO"), (0x00080090, "PN"), (0x00081070, "PN"), (0x00100010, "PN"),
            (0x00100020, "LO"), (0x00100030, "DA"), (0x00101040, "LO"), (0x00104000, "LT"))  # fmt: skip
    found = (birds.listed(tag, vr, where) for tag, vr in rows)
    return tuple(each for each in found if each is not None)


def private(token: str, options: tuple[str, ...]) -> Subject:
    """Private attributes with canaries: of a block, of unknown VR, of none, and below an item."""
    birds = Aviary(token, options)

    def text(tag: int, vr: str, place: str) -> Element:
        words = f"({tag >> 16:04X},{tag & 0xFFFF:04X}), private, {place}"
        return Element(tag=tag, vr=vr, value=birds.text(words, action="X"))

    creator = Element(tag=0x00090010, vr="LO", value=_CREATOR)
    below = (
        Element(tag=0x00110010, vr="LO", value=_CREATOR),
        text(0x00111001, "LO", "in an item"),
    )
    return made(
        birds,
        (
            creator,
            text(0x00091001, "LO", "in a block"),
            text(0x00091002, "UN", "of unknown VR"),
            text(0x00091003, "OB", "binary"),
            text(0x00130010, "LO", "the name of a block"),
            text(0x00151001, "LO", "in no block"),
            Element(tag=ANATOMY, vr="SQ", value=(DataItem(elements=below),)),
        ),
    )


def report(token: str, options: tuple[str, ...]) -> Subject:
    """A structured report: names and findings in content items, one of them deeper."""
    birds = Aviary(token, options)
    said = birds.text("a text of the report", action="D")
    named = birds.text("a name in the report", action="D")
    deep = birds.text("a text of the report, one item deeper", action="D")
    leaf = _content_item("TEXT", Element(tag=0x0040A160, vr="UT", value=deep))
    items = (
        _content_item("TEXT", Element(tag=0x0040A160, vr="UT", value=said)),
        _content_item("PNAME", Element(tag=0x0040A123, vr="PN", value=f"{named}^CANARY")),
        _content_item("CONTAINER", Element(tag=0x0040A730, vr="SQ", value=(leaf,))),
    )
    content = (
        Element(tag=0x00080016, vr="UI", value=_BASIC_TEXT_SR),
        Element(tag=0x00080060, vr="CS", value="SR"),
        Element(tag=0x0040A040, vr="CS", value="CONTAINER"),
        Element(tag=0x0040A050, vr="CS", value="SEPARATE"),
        Element(tag=0x0040A491, vr="CS", value="COMPLETE"),
        Element(tag=0x0040A493, vr="CS", value="UNVERIFIED"),
        Element(tag=0x0040A730, vr="SQ", value=items),
    )
    return made(birds, content, without=range(0x00280000, 0x7FE10000), pixels=False)


def graphics(token: str, options: tuple[str, ...]) -> Subject:
    """Overlay, curve and graphic annotation with canaries."""
    birds = Aviary(token, options)

    def text(tag: int, vr: str) -> Element:
        words = f"({tag >> 16:04X},{tag & 0xFFFF:04X})"
        return Element(tag=tag, vr=vr, value=birds.text(words, action="X"))

    drawn = birds.text("(0070,0001), a text in it", action="D")
    words = Element(tag=0x00700006, vr="ST", value=drawn)
    texts = Element(tag=0x00700008, vr="SQ", value=(DataItem(elements=(words,)),))
    return made(
        birds,
        (
            Element(tag=0x00700001, vr="SQ", value=(DataItem(elements=(texts,)),)),
            text(0x50002500, "LO"),
            text(0x50003000, "OW"),
            _word(0x60000010, 16),
            _word(0x60000011, 16),
            Element(tag=0x60000040, vr="CS", value="G"),
            Element(tag=0x60000050, vr="SS", value=b"\1\0\1\0"),
            _word(0x60000100, 1),
            _word(0x60000102, 0),
            replace(text(0x60003000, "OW"), value=birds.canaries[-1].text.encode().ljust(32, b"\0")),
            text(0x60004000, "LT"),
        ),
    )  # fmt: skip


def icon(token: str, options: tuple[str, ...]) -> Subject:
    """An icon image that holds what the picture itself may no longer show."""
    birds = Aviary(token, options)
    octets = birds.text("(0088,0200), pixels of the icon", action="X").encode().ljust(64, b"\0")
    item = DataItem(
        elements=(
            _word(0x00280002, 1), Element(tag=0x00280004, vr="CS", value="MONOCHROME2"),
            _word(0x00280010, 8), _word(0x00280011, 8), _word(0x00280100, 8),
            _word(0x00280101, 8), _word(0x00280102, 7), _word(0x00280103, 0),
            Element(tag=0x7FE00010, vr="OB", value=octets),
        )
    )  # fmt: skip
    return made(birds, (Element(tag=0x00880200, vr="SQ", value=(item,)),))


def document(token: str, options: tuple[str, ...]) -> Subject:
    """An encapsulated document with the patient's name on its page."""
    birds = Aviary(token, options)
    page = birds.text("the encapsulated document").encode()
    pdf = b"%PDF-1.4\n% " + page + b"\n%%EOF\n"
    content = (
        Element(tag=0x00080016, vr="UI", value=_ENCAPSULATED_PDF),
        Element(tag=0x00080060, vr="CS", value="DOC"),
        Element(tag=0x00280301, vr="CS", value="YES"),
        Element(tag=0x00420011, vr="OB", value=pdf + b"\0" * (len(pdf) % 2)),
        Element(tag=0x00420012, vr="LO", value="application/pdf"),
    )
    return made(birds, content, without=range(0x00280000, 0x7FE10000), pixels=False)


def originals(token: str, options: tuple[str, ...]) -> Subject:
    """What others left of the object before: original attributes, and a signature with its signer."""
    birds = Aviary(token, options)
    before = birds.text("(0400,0561), the name before a change", action="X")
    signer = birds.text("(FFFA,FFFA), the certificate of the signer", action="X")
    modified = Element(
        tag=0x04000550,
        vr="SQ",
        value=(DataItem(elements=(Element(tag=0x00080104, vr="LO", value=before),)),),
    )
    held = DataItem(elements=(modified, Element(tag=0x04000565, vr="CS", value="COERCE")))
    signature = DataItem(
        elements=(
            _word(0x04000005, 1),
            Element(tag=0x04000110, vr="CS", value="X509_1993_SIG"),
            Element(tag=0x04000115, vr="OB", value=signer.encode()),
            Element(tag=0x04000120, vr="OB", value=bytes(32)),
        )
    )
    return made(
        birds,
        (
            Element(tag=0x04000561, vr="SQ", value=(held,)),
            Element(tag=0xFFFAFFFA, vr="SQ", value=(signature,)),
        ),
    )


def outskirts(token: str, options: tuple[str, ...]) -> Subject:
    """A file with canaries around its data set: preamble, meta information, padding, name."""
    birds = Aviary(token, options)
    preamble = birds.text("the preamble").encode().ljust(128, b"\0")
    source = birds.text("(0002,0016), Source Application Entity Title")
    private_information = birds.text("(0002,0102), Private Information")
    padding = birds.text("(FFFC,FFFC), Data Set Trailing Padding", action="X").encode()
    name = birds.text("the name of the file")
    meta = (
        *parts.meta_of(uids.SECONDARY_CAPTURE, f"2.25.{token}.1.1", uids.EXPLICIT_LE),
        Element(tag=0x00020016, vr="AE", value=source),
        Element(tag=0x00020100, vr="UI", value=f"2.25.{token}.7"),
        Element(tag=0x00020102, vr="OB", value=private_information.encode()),
    )
    content = (*parts.content_of(token), Element(tag=0xFFFCFFFC, vr="OB", value=padding))
    octets = parts.part10(
        encode_dataset(content, "explicit"), token=token, preamble=preamble,
        meta=parts.with_length(meta),
    )  # fmt: skip
    return Subject(octets, tuple(birds.canaries), f"{name}.DCM")


def spoken(token: str, options: tuple[str, ...]) -> Subject:
    """What programs like to say of a file: who the patient is, and when."""
    birds = Aviary(token, options)
    return made(birds, identities(birds, ""))


def made(
    birds: Aviary,
    changes: Sequence[Element],
    *,
    without: range = range(0),
    pixels: bool = True,
) -> Subject:
    """The honest object with these elements in place of its own."""
    kept = {each.tag: each for each in parts.content_of(birds.token) if each.tag not in without}
    kept |= {each.tag: each for each in changes}
    if not pixels:
        kept.pop(0x7FE00010, None)
    content = [each for _, each in sorted(kept.items())]
    return Subject(parts.file_of(content, birds.token), tuple(birds.canaries))


def vr_of(tag: int) -> str:
    """The value representation of a standard attribute."""
    return dictionary_VR(tag)


def _word(tag: int, value: int) -> Element:
    return Element(tag=tag, vr="US", value=value.to_bytes(2, "little"))


def _content_item(kind: str, value: Element) -> DataItem:
    name = DataItem(
        elements=(
            Element(tag=0x00080100, vr="SH", value="121071"),
            Element(tag=0x00080102, vr="SH", value="DCM"),
            Element(tag=0x00080104, vr="LO", value="Finding"),
        )
    )
    rest = (
        Element(tag=0x0040A010, vr="CS", value="CONTAINS"),
        Element(tag=0x0040A040, vr="CS", value=kind),
        Element(tag=0x0040A043, vr="SQ", value=(name,)),
    )
    return DataItem(elements=(*rest, value))
