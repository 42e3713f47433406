"""Pictures whose description lies: left with the device, and asked for where it must decode them.

The samples of every picture are zeros and ones, so that octets which no one sent are known for
what they are when they come back. All of it is synthetic.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from harness.model import JSON
from harness.stage import Stage
from harness.verdict import Outcome
from simulators import hostile, wire
from simulators.objects import SyntheticObject
from simulators.requestor import ANSWER_S
from simulators.retrieval import Returned, bring_back, compare, leave
from simulators.wire import pixels as streams
from simulators.wire import uids
from simulators.wire.pixels import PIXEL_DATA

SIDE: Final = 16
SAMPLES: Final = bytes((x ^ y ^ (y >> 2)) & 1 for y in range(SIDE) for x in range(SIDE))
"""One frame of 16 x 16 samples of one octet."""

SAMPLES_PER_PIXEL: Final = 0x00280002
PHOTOMETRIC: Final = 0x00280004
PLANAR: Final = 0x00280006
FRAMES: Final = 0x00280008
ROWS: Final = 0x00280010
COLUMNS: Final = 0x00280011
ALLOCATED: Final = 0x00280100
STORED: Final = 0x00280101
HIGH_BIT: Final = 0x00280102

_VRS: Final[Mapping[int, str]] = {
    PHOTOMETRIC: "CS", FRAMES: "IS", 0x00281050: "DS", 0x00281051: "DS", 0x00281052: "DS",
    0x00281053: "DS", 0x00281054: "LO",
}  # fmt: skip
_PADDING: Final = frozenset((0x00, 0xFF))
_ROUNDS: Final = 2
_SHOWN: Final = 32

Value = int | str | bytes | wire.Element | None
"""A number is an unsigned short, an element stands for itself, None leaves the attribute out."""


def rle(samples: bytes = SAMPLES) -> wire.Element:
    """One honest frame of RLE Lossless with one octet in each sample."""
    return streams.encapsulated([streams.rle_frame([streams.rle_segment(samples)])])


def picture(
    stage: Stage,
    data: wire.Element,
    changes: Mapping[int, Value] | None = None,
    *,
    syntax: str = uids.RLE_LOSSLESS,
    number: int = 1,
) -> SyntheticObject:
    """A picture with these pixels, and a description that may lie about them.

    Args:
        stage: The play.
        data: Its Pixel Data.
        changes: Attributes by tag that replace or join the honest ones of 16 x 16 samples.
        syntax: Its transfer syntax; explicit, little endian.
        number: Distinguishes objects of one play.
    """
    kept = {each.tag: each for each in hostile.elements(stage, number)}
    kept[PIXEL_DATA] = data
    for tag, value in (changes or {}).items():
        kept.pop(tag, None)
        if value is not None:
            kept[tag] = _element(tag, value)
    content = tuple(kept[tag] for tag in sorted(kept))
    made = hostile.as_object(content, uids.EXPLICIT_LE)
    return SyntheticObject(
        sop_class=made.sop_class,
        sop_instance=made.sop_instance,
        study=made.study,
        transfer_syntax=syntax,
        dataset=made.dataset,
    )


def has_decoded(
    stage: Stage,
    thing: SyntheticObject,
    *,
    truth: bytes | None = None,
    known: Iterable[int] | None = None,
    syntaxes: Sequence[str] = (uids.EXPLICIT_LE,),
    patience_s: float = ANSWER_S,
) -> None:
    """Leaves a picture, and twice asks for it in transfer syntaxes for which it must be decoded.

    Witnesses ``kept``, and for each time ``returned`` with ``octets`` of Pixel Data, ``exact`` and
    ``foreign`` (None where nobody can tell), ``digest``, and how the C-GET ended.

    Args:
        stage: The play.
        thing: The picture.
        truth: The Pixel Data that an honest decoder makes of it, where that is beyond doubt.
        known: Octets that can come of what was sent; beside zeros and ones anything else is
            foreign. None: arithmetic may make any octet of them.
        syntaxes: What the peer takes.
        patience_s: How long the device may take for it.
    """
    if not leave(stage, thing):
        return
    expected = None if known is None else frozenset(known) | _PADDING
    for _ in range(_ROUNDS):
        came, ending = bring_back(stage, thing, syntaxes=syntaxes, patience_s=patience_s)
        found = _compared(came, truth, expected) if came else {}
        if came:
            found["another"] = came[0].identity() != thing.sop_instance
        stage.observe("returned", **ending, **found)
        if not came:
            return


def keeps_pictures(stage: Stage, lies: Mapping[str, Mapping[int, Value]]) -> None:
    """Leaves uncompressed pictures, each with its lie, and asks for them uncompressed.

    Witnesses ``kept`` and ``returned`` by the ``name`` of the lie.
    """
    pixels = wire.Element(tag=PIXEL_DATA, vr="OW", value=SAMPLES)
    for number, (name, changes) in enumerate(lies.items(), 1):
        thing = picture(stage, pixels, changes, syntax=uids.EXPLICIT_LE, number=number)
        if leave(stage, thing, name=name):
            compare(stage, thing, name=name)


def keeps_streams(stage: Stage, streams_of: Mapping[str, Mapping[str, bytes]]) -> None:
    """Leaves compressed pictures and asks for them as they came, then uncompressed.

    What comes back as it came is compared; what comes uncompressed, if anything, is not: only
    silence is witnessed. Witnesses ``kept`` and ``returned`` by the ``name`` of the stream.

    Args:
        stage: The play.
        streams_of: By transfer syntax, streams of 16 x 16 samples under a name each.
    """
    number = 0
    for syntax, named in streams_of.items():
        for name, stream in named.items():
            number += 1
            data = streams.encapsulated([stream])
            thing = picture(stage, data, syntax=syntax, number=number)
            if leave(stage, thing, name=name):
                compare(stage, thing, name=name, syntaxes=(syntax,))
                _, ending = bring_back(stage, thing, syntaxes=(uids.EXPLICIT_LE,))
                if ending["outcome"] == Outcome.TIMEOUT.value:
                    stage.observe("returned", name=name, **ending)


def sent_octets(data: wire.Element) -> frozenset[int]:
    """Every octet that stands in the fragments of encapsulated Pixel Data."""
    items = data.value if isinstance(data.value, tuple) else ()
    whole = b"".join(item.elements for item in items if isinstance(item.elements, bytes))
    return frozenset(whole)


def _element(tag: int, value: int | str | bytes | wire.Element) -> wire.Element:
    if isinstance(value, wire.Element):
        return value
    if isinstance(value, int):
        return wire.Element(tag=tag, vr="US", value=value.to_bytes(2, "little"))
    return wire.Element(tag=tag, vr=_VRS.get(tag, "US"), value=value)


def _compared(
    came: Sequence[Returned], truth: bytes | None, expected: frozenset[int] | None
) -> dict[str, JSON]:
    """What the pixels of the first object are beside what they can be."""
    given = came[0].values().get(PIXEL_DATA)
    if given is None:
        return {"octets": None}
    exact = None if truth is None else given.removesuffix(b"\0") == truth.removesuffix(b"\0")
    strange = [] if expected is None else [octet for octet in given if octet not in expected]
    return {
        "octets": len(given),
        "exact": exact,
        "foreign": None if expected is None else len(strange),
        "first_foreign": bytes(strange[:_SHOWN]).hex(),
        "digest": hashlib.sha256(given).hexdigest()[:16],
    }
