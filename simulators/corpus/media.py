"""File-sets (PS3.10 8) whose directory leads astray, or that hold more than images."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Final

from harness.specimens import Files, Shelf
from simulators import hostile
from simulators.corpus import directory
from simulators.corpus.directory import FILE, NAME, Directory, Item, image_keys, patient_keys
from simulators.corpus.files import content_of, file_of
from simulators.wire.dataset import Element

_MANY: Final = 2000
_FAR: Final = 0x7FFF_FFF0


def _set(made: Directory, **more: bytes) -> Files:
    """A file-set of that directory and the honest image."""
    image = file_of(content_of(made.token), made.token)
    return {NAME: made.encoded(), FILE: image, **more}


def honest(token: str) -> Files:
    """An honest file-set."""
    return _set(directory.honest(token))


_BAIT: Final = "/ASSAY/CANARY/BAIT"
"""Where the absolute ones lead in the corpus; in a play the desk has a bait of its own."""

_ASTRAY: Final = {
    "two-up": "..\\..\\canary\\BAIT",
    "two-up-in-one-component": "../../canary/BAIT",
    "down-and-up": "IMAGES\\..\\..\\..\\canary\\BAIT",
    "absolute": "{bait}",
    "absolute-behind-a-folder": "IMAGES\\{bait}",
    "empty-component": "\\{bait}",
    "file-address": "file://{bait}",
    "drive": "C:\\CANARY\\BAIT",
    "nine-components": "\\".join("ABCDEFGHI"),
    "lower-case": "images\\one",
    "overlong-component": "A" * 4000,
    "itself": "DICOMDIR",
    "folder": "IMAGES",
    "dot": "IMAGES\\.",
}


def astray(case: str, token: str, bait: str) -> Files:
    """A file-set whose directory leads elsewhere.

    Args:
        case: One of the names of `ASTRAY`.
        token: Marks it.
        bait: The absolute path to which some of them lead; the others climb from the file-set.
    """
    return _set(directory.honest(token, _ASTRAY[case].replace("{bait}", bait)))


ASTRAY: Final = Shelf(
    name="file-ids-astray",
    deviation="A Referenced File ID leads out of the file-set, or is no File ID.",
    expectation="Nothing outside the file-set is read, copied, moved or deleted.",
    makers={name: partial(astray, name, bait=_BAIT) for name in _ASTRAY},
)

_Change = Callable[[Directory], Directory]


def _linked(change: _Change, token: str) -> Files:
    return _set(change(directory.honest(token)))


def _all_linked(changes: Mapping[str, _Change]) -> dict[str, Callable[[str], Files]]:
    return {name: partial(_linked, change) for name, change in changes.items()}


def _wide(made: Directory) -> Directory:
    """Each image leads to the next, and the last one to the first."""
    keys = image_keys(made.token, FILE.replace("/", "\\"))
    more = tuple(
        Item(name=f"image{n}", kind="IMAGE", keys=keys, following=f"image{n + 1}")
        for n in range(200)
    )
    last = replace(more[-1], following="image0")
    series = made.linking("series", lower="image0")
    return replace(series, items=(*series.items, *more[:-1], last))


LOOPS: Final = Shelf(
    name="directory-loops",
    deviation="Links between directory records go round in a circle.",
    expectation="It is refused with a message, or each record read once, in bounded time.",
    makers=_all_linked(
        {
            "next-is-itself": lambda made: made.linking("image", following="image"),
            "lower-is-itself": lambda made: made.linking("series", lower="series"),
            "lower-is-the-patient": lambda made: made.linking("image", lower="patient"),
            "next-is-above": lambda made: made.linking("image", following="study"),
            "patient-follows-itself": lambda made: made.linking("patient", following="patient"),
            "round-of-200": _wide,
        }
    ),
)
OFFSETS: Final = Shelf(
    name="directory-offsets",
    deviation="An offset points behind the end, into a record, or nowhere.",
    expectation="It is refused with a message, or what can be reached is read.",
    makers=_all_linked(
        {
            "first-behind-the-end": lambda made: replace(made, first=_FAR),
            "first-of-4-gigabytes": lambda made: replace(made, first=0xFFFF_FFFF),
            "first-at-one": lambda made: replace(made, first=1),
            "first-is-nothing": lambda made: replace(made, first=0, last=0),
            "last-behind-the-end": lambda made: replace(made, last=_FAR),
            "next-behind-the-end": lambda made: made.linking("patient", following=_FAR),
            "next-odd": lambda made: made.linking("patient", following=401),
            "lower-into-the-preamble": lambda made: made.linking("study", lower=2),
            "image-is-the-root": lambda made: replace(made, first="image", last="image"),
            "record-too-long": lambda made: replace(made, raw_items={1: _FAR}),
            "record-too-short": lambda made: replace(made, raw_items={1: 12}),
            "no-records": lambda made: replace(made, items=()),
        }
    ),
)


def _of_another(token: str) -> Files:
    other = patient_keys("ARTIFICIAL^OTHER", f"XXX{token[:12]}")
    return _set(directory.honest(token).telling("patient", other))


def _instance_of_another(token: str) -> Files:
    keys = image_keys(token, FILE.replace("/", "\\"), "2.25.1234567890")
    return _set(directory.honest(token).telling("image", keys))


def _mistyped(token: str) -> Files:
    keys = image_keys(token, FILE.replace("/", "\\"))
    return _set(
        directory.honest(token).telling("image", keys, "X-UNKNOWN-KIND").telling("study", ())
    )


DISAGREEING: Final = Shelf(
    name="records-that-disagree",
    deviation="A record says otherwise than the file that it refers to.",
    expectation="It is refused with a message, or the file is believed.",
    makers={
        "other-patient": _of_another,
        "other-instance": _instance_of_another,
        "unknown-kind": _mistyped,
        "file-missing": lambda token: {NAME: directory.honest(token).encoded()},
    },
)


def _with(extra: Mapping[str, str], token: str) -> Files:
    """More files, whose only act would be to leave an empty file with the token in its name."""
    more = {name: text.replace("TOKEN", f"assay-{token}") for name, text in extra.items()}
    return {**honest(token), **{name: text.encode() for name, text in more.items()}}


BROUGHT_ALONG: Final = Shelf(
    name="programs-on-media",
    deviation="Beside the images lie a program that starts itself, shortcuts and hidden files.",
    expectation="Only what the directory names is read; nothing is run.",
    makers={
        name: partial(_with, files)
        for name, files in {
            "autorun": {"AUTORUN.INF": "[autorun]\nopen=RUN.BAT\n", "RUN.BAT": "echo TOKEN\r\n"},
            "script": {"autorun.sh": "#!/bin/sh\n: >../TOKEN\n", ".autorun": "./autorun.sh\n"},
            "shortcut": {
                "VIEWER.desktop": "[Desktop Entry]\nType=Application\nExec=touch ../TOKEN\n"
            },
            "option-for-a-name": {"--help": "synthetic", "-o": "synthetic"},
        }.items()
    },
)


def _many(token: str) -> Files:
    """Many images of one tiny file each, all named."""
    tree = directory.honest(token).linking("series", lower="image0")
    images = tuple(_nth(token, n) for n in range(_MANY))
    whole = replace(tree, items=(*tree.items[:-1], *images))
    files = {f"IMAGES/I{n:05d}": _small(token, n) for n in range(_MANY)}
    return {**_set(whole), **files}


def _nth(token: str, number: int) -> Item:
    following = f"image{number + 1}" if number + 1 < _MANY else ""
    keys: tuple[Element, ...] = image_keys(
        token, f"IMAGES\\I{number:05d}", f"2.25.{token}.1.{number}"
    )
    return Item(name=f"image{number}", kind="IMAGE", keys=keys, following=following)


def _small(token: str, number: int) -> bytes:
    """An object without a picture."""
    whole = hostile.elements_of(token, number)
    return file_of([each for each in whole if each.tag < 0x00280000], token)


def _deep(token: str) -> Files:
    """The file lies in the deepest folder that a File ID can name, and one lies deeper."""
    folders = [f"D{n}" for n in range(7)]
    image = file_of(content_of(token), token)
    deeper = "/".join([f"E{n}" for n in range(60)])
    return {
        NAME: directory.honest(token, "\\".join([*folders, "ONE"])).encoded(),
        "/".join([*folders, "ONE"]): image,
        f"{deeper}/ONE": image,
    }


CROWDED: Final = Shelf(
    name="crowded-media",
    deviation="A file-set has thousands of tiny files, or folders as deep as they can be.",
    expectation="It is read, or refused at a limit, in time in proportion to its size.",
    makers={"2000-files": _many, "deep-folders": _deep},
    largest=4 << 20,
)
HONEST: Final = Shelf(
    name="honest-media",
    deviation="None: the file-set that every other one deviates from.",
    expectation="Its directory and its file are read.",
    makers={"one-image": honest},
)
