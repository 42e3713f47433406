"""ZIP archives of DICOM files (APPNOTE 6.3) that lead astray, swell, or contradict themselves."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from struct import pack
from typing import Final

from harness.specimens import Files, Shelf
from simulators.corpus.files import content_of, file_of

NAME: Final = "IMAGES.ZIP"
"""What a specimen is called."""

Entry = tuple[str, bytes]

_WHEN: Final = (2020, 1, 1, 12, 0, 0)
_LINK: Final = 0o120777 << 16
_PLAIN: Final = 0o100644 << 16
_LOCAL: Final = b"PK\3\4"
_CENTRAL: Final = b"PK\1\2"
_MIB: Final = 1 << 20
_BAIT: Final = "/ASSAY/CANARY/BAIT"
"""Where absolute names lead in the corpus; in a play the desk has a bait of its own."""


def _image(token: str) -> bytes:
    return file_of(content_of(token), token)


def packed(*entries: Entry, mode: int = _PLAIN, deflated: bool = True) -> bytes:
    """An archive of entries in order; the same one each time."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, octets in entries:
            info = zipfile.ZipInfo(name, _WHEN)
            info.compress_type = zipfile.ZIP_DEFLATED if deflated else zipfile.ZIP_STORED
            info.external_attr = _LINK if name.endswith("LINK") else mode
            archive.writestr(info, octets)
    return target.getvalue()


def honest(token: str) -> Files:
    """An archive of one image."""
    return {NAME: packed(("IMAGES/ONE", _image(token)))}


_CLIMBING: Final = {
    "one-up": "../TOKEN.dcm",
    "three-up": "../../../TOKEN.dcm",
    "down-and-up": "IMAGES/../../TOKEN.dcm",
    "backslashes": "..\\..\\TOKEN.dcm",
    "absolute": "{absent}/TOKEN.dcm",
    "behind-a-dot": "./../TOKEN.dcm",
    "drive": "C:\\TOKEN.dcm",
}


def climbing(case: str, token: str, absent: str) -> Files:
    """An archive with an image under a name that leads elsewhere.

    Args:
        case: One of the names of `CLIMBING`.
        token: Marks it.
        absent: An absolute path where nothing is.
    """
    name = _CLIMBING[case].replace("TOKEN", f"assay-{token}").replace("{absent}", absent)
    return {NAME: packed(("IMAGES/ONE", _image(token)), (name, _image(token)))}


def linking(case: str, token: str, bait: str, absent: str) -> Files:
    """An archive with a symbolic link that leads elsewhere, and perhaps a file behind it.

    Args:
        case: One of the names of `LINKS`.
        token: Marks it.
        bait: An absolute path to a file that nobody has any business to read.
        absent: An absolute path beside it where nothing is.
    """
    up = "../../../canary"
    links: Mapping[str, tuple[Entry, ...]] = {
        "to-a-file": (("IMAGES/LINK", bait.encode()),),
        "to-a-file-above": (("LINK", f"{up}/BAIT".encode()),),
        "to-a-folder-above": (("LINK", up.encode()), ("LINK/BAIT", b"")),
        "file-behind-a-link": (
            ("LINK", absent.rsplit("/", 1)[0].encode()),
            (f"LINK/assay-{token}.dcm", _image(token)),
        ),
        "to-itself": (("LINK", b"LINK"),),
    }
    return {NAME: packed(("IMAGES/ONE", _image(token)), *links[case])}


@dataclass(frozen=True, slots=True)
class _Deflated:
    """The octets of an entry, which were never in memory as a whole."""

    octets: bytes
    size: int
    checksum: int


@lru_cache(8)
def _zeros_behind(head: bytes, mebibytes: int) -> _Deflated:
    """An image with zeros behind it: one mebibyte, deflated, stands there again and again."""
    zeros = bytes(_MIB)
    press = zlib.compressobj(9, zlib.DEFLATED, -15)
    first = press.compress(head) + press.flush(zlib.Z_FULL_FLUSH)
    again = press.compress(zeros) + press.flush(zlib.Z_FULL_FLUSH)
    checksum = zlib.crc32(head)
    for _ in range(mebibytes):
        checksum = zlib.crc32(zeros, checksum)
    octets = first + again * mebibytes + press.flush(zlib.Z_FINISH)
    return _Deflated(octets, len(head) + mebibytes * _MIB, checksum)


def _written(
    entry: _Deflated, count: int, *, said: int | None = None, shared: bool = False
) -> bytes:
    """An archive of entries that are alike.

    Args:
        entry: What each of them holds.
        count: How many there are.
        said: The size that they say to have.
        shared: All of them lie at the same place.
    """
    size = entry.size if said is None else said
    local = central = b""
    for number in range(count):
        name = b"IMAGES/I%d" % number
        sizes = (entry.checksum, len(entry.octets), size, len(name))
        where = 0 if shared else len(local)
        if not (shared and number):
            local += _LOCAL + pack("<5H3I2H", 20, 0, 8, 0, 33, *sizes, 0) + name + entry.octets
        head = pack("<6H3I5H2I", 20, 20, 0, 8, 0, 33, *sizes, 0, 0, 0, 0, _PLAIN, where)
        central += _CENTRAL + head + name
    end = pack("<4H2IH", 0, 0, count, count, len(central), len(local), 0)
    return local + central + b"PK\5\6" + end


def swollen(count: int, mebibytes: int, token: str) -> Files:
    """An archive of entries that are zeros behind an image, as large as they say."""
    return {NAME: _written(_zeros_behind(_image(token), mebibytes), count)}


def _overlapping(token: str) -> Files:
    """Very many entries of the central directory share the octets of one."""
    return {NAME: _written(_zeros_behind(_image(token), 8), 500, shared=True)}


def _lying(said: int, token: str) -> Files:
    """An entry of 256 mebibytes that says to be small, or huge."""
    return {NAME: _written(_zeros_behind(_image(token), 256), 1, said=said)}


def _many(token: str) -> Files:
    return {NAME: packed(*[(f"I{n}", b"") for n in range(20_000)], deflated=False)}


def _chain(depth: int, token: str) -> Files:
    """Archives in one another, an image in the innermost."""
    octets = packed(("IMAGES/ONE", _image(token)))
    for _ in range(depth):
        octets = packed(("INNER.ZIP", octets), deflated=False)
    return {NAME: octets}


def _tree(token: str) -> Files:
    """Archives that hold sixteen archives each, down to images with zeros: 64 GiB of them."""
    octets = _written(_zeros_behind(_image(token), 16), 1)
    for _ in range(3):
        octets = packed(*[(f"INNER{n}.ZIP", octets) for n in range(16)])
    return {NAME: octets}


def _altered(change: Callable[[bytearray], None], token: str) -> Files:
    whole = bytearray(packed(("IMAGES/ONE", _image(token))))
    change(whole)
    return {NAME: bytes(whole)}


def _at(mark: bytes, offset: int, octets: bytes) -> Callable[[bytearray], None]:
    """What overwrites octets of the header that a mark begins."""

    def change(whole: bytearray) -> None:
        place = whole.rindex(mark) + offset
        whole[place : place + len(octets)] = octets

    return change


def _encrypted(token: str) -> Files:
    """An entry that is marked as encrypted, in both headers."""
    whole = bytearray(packed(("IMAGES/ONE", _image(token))))
    for mark, at in ((_LOCAL, 6), (_CENTRAL, 8)):
        whole[whole.index(mark) + at] |= 1
    return {NAME: bytes(whole)}


def _two_readings(token: str) -> Files:
    """The local header and the central directory name an entry differently."""
    whole = packed(("IMAGES/ONE", _image(token)))
    return {NAME: whole.replace(b"IMAGES/ONE", b"../../../X", 1)}


def _wrong_sum(token: str) -> Files:
    whole = packed(("IMAGES/ONE", _image(token)))
    wrong = (zlib.crc32(_image(token)) ^ 1).to_bytes(4, "little")
    return {NAME: whole.replace(zlib.crc32(_image(token)).to_bytes(4, "little"), wrong)}


HONEST_ARCHIVE: Final = Shelf(
    name="honest-archive",
    deviation="None: the archive that every other one deviates from.",
    expectation="The image in it is read.",
    makers={"one-image": honest},
)
CLIMBING: Final = Shelf(
    name="archive-names",
    deviation="An entry of an archive has a name that leads out of the folder.",
    expectation="It is refused, or its name is not used.",
    makers={name: partial(climbing, name, absent=_BAIT) for name in _CLIMBING},
)
LINKS: Final = Shelf(
    name="archive-links",
    deviation="An entry of an archive is a symbolic link that leads elsewhere.",
    expectation="No link is made, and none is followed.",
    makers={
        name: partial(linking, name, bait=_BAIT, absent=f"{_BAIT}.0")
        for name in (
            "to-a-file", "to-a-file-above", "to-a-folder-above", "file-behind-a-link", "to-itself",
        )
    },
)  # fmt: skip
SWELLING: Final = Shelf(
    name="archive-bombs",
    deviation="A small archive holds very much.",
    expectation="It is refused at a limit, before memory or disk are full.",
    makers={
        "one-of-512-mebibytes": partial(swollen, 1, 512),
        "40-of-16-mebibytes": partial(swollen, 40, 16),
        "overlapping": _overlapping,
        "larger-than-it-says": partial(_lying, 1024),
        "smaller-than-it-says": partial(_lying, 0xFFFF_FFF0),
        "20000-entries": _many,
    },
    largest=4 * _MIB,
)
NESTED: Final = Shelf(
    name="archives-in-archives",
    deviation="An archive holds archives that hold archives.",
    expectation="It is refused, or opened down to a limit.",
    makers={"chain-of-300": partial(_chain, 300), "tree-of-4096": _tree},
)
BROKEN: Final = Shelf(
    name="broken-archives",
    deviation="An archive contradicts itself, is cut, or cannot be opened without a password.",
    expectation="It is refused with a message.",
    makers={
        "cut": lambda token: {NAME: honest(token)[NAME][:-200]},
        "without-directory": lambda token: {NAME: honest(token)[NAME][:-22]},
        "encrypted": _encrypted,
        "two-readings": _two_readings,
        "wrong-sum": _wrong_sum,
        "unknown-method": partial(_altered, _at(_CENTRAL, 10, b"\x63\0")),
        "directory-behind-the-end": partial(_altered, _at(b"PK\5\6", 16, b"\xff\xff\xff\x7f")),
        "entries-65535": partial(_altered, _at(b"PK\5\6", 8, b"\xff\xff" * 2)),
        "name-longer-than-the-file": partial(_altered, _at(_CENTRAL, 28, b"\xff\xff")),
        "garbage-behind-the-mark": lambda token: {NAME: _LOCAL + token.encode() * 20},
    },
)
