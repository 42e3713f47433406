"""What an object carries beside attributes: reports, drawings, pages, what it was before."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from simulators.corpus import files as parts
from simulators.deidentification.canaries import Aviary
from simulators.deidentification.objects import Subject, made
from simulators.wire import uids
from simulators.wire.dataset import DataItem, Element, encode_dataset

_BASIC_TEXT_SR: Final = "1.2.840.10008.5.1.4.1.1.88.11"
_ENCAPSULATED_PDF: Final = "1.2.840.10008.5.1.4.1.1.104.1"
_PIXEL_GROUPS: Final = range(0x00280000, 0x7FE10000)
_OVERLAY_OCTETS: Final = 32


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
    return made(birds, content, without=_PIXEL_GROUPS)


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
            _padded(text(0x60003000, "OW")),
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
    return made(birds, content, without=_PIXEL_GROUPS)


def originals(token: str, options: tuple[str, ...]) -> Subject:
    """What others left of it before: original attributes, and a signature with its signer."""
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


def _padded(element: Element) -> Element:
    """The element as long as the bits of an overlay are."""
    return replace(element, value=str(element.value).encode().ljust(_OVERLAY_OCTETS, b"\0"))


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
