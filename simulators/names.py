"""SOP Instance UIDs that are different and look alike to a file system or a sanitiser."""

from __future__ import annotations

from typing import Final

from harness.stage import Stage
from simulators import hostile
from simulators.marking import Marked, marked
from simulators.objects import uid

_LONGEST: Final = 64


def named_alike(stage: Stage, kind: str) -> list[tuple[Marked, bool]]:
    """Two objects of one study, and whether the name of each conforms (PS3.5 9.1).

    Args:
        stage: Gives the unique identity.
        kind: ``longest`` (both of 64 characters that differ in the last; so are study and series),
            ``trailing-dot``, ``leading-zero``, ``case``, ``device`` (names of devices) or
            ``sanitised`` (they become one when a sanitiser replaces what a file name cannot hold).

    Raises:
        KeyError: No such kind.
    """
    stem = uid(stage, 1)
    names: dict[str, tuple[tuple[str, bool], tuple[str, bool]]] = {
        "longest": ((_filled(stem, "1"), True), (_filled(stem, "2"), True)),
        "trailing-dot": ((f"{stem}.1", True), (f"{stem}.1.", False)),
        "leading-zero": ((f"{stem}.1", True), (f"{stem}.01", False)),
        "case": ((f"{stem}.a", False), (f"{stem}.A", False)),
        "device": (("CON", False), (f"NUL.{stage.token}", False)),
        "sanitised": ((f"{stem}_1", False), (f"{stem}:1", False)),
    }
    things: list[tuple[Marked, bool]] = []
    for mark, (name, legal) in enumerate(names[kind], 1):
        thing = marked(stage, mark).altered(hostile.SOP_INSTANCE_UID, name)
        if kind == "longest":
            thing = thing.altered(hostile.STUDY_INSTANCE_UID, _filled(uid(stage, 2), "3"))
            thing = thing.altered(hostile.SERIES_INSTANCE_UID, _filled(uid(stage, 3), "4"))
        things.append((thing, legal))
    return things


def _filled(stem: str, last: str) -> str:
    """A UID of 64 characters that begins with a stem and ends with a digit."""
    return f"{stem}.{'7' * (_LONGEST - len(stem) - 2)}{last}"
