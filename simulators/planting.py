"""Links that stand in a storage folder before an object comes, and what is written through them.

Where an object will be stored is foretold from where an honest one was: a path that holds its UID
holds the next one's in the same place. A device whose names cannot be foretold is not judged.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from harness.stage import Stage
from simulators.hostile import STUDY_INSTANCE_UID
from simulators.lab import lab_of
from simulators.marking import ACTOR, Marked, marked, offer
from simulators.objects import uid
from simulators.storage_folder import StorageFolder, storage_folder

_CONTENT: Final = b"canary"
_MOST_FILE: Final = 4 * 1024 * 1024


def store_over_a_link(stage: Stage, target: str) -> None:
    """Plants a link where the next object belongs, and stores that, which is the stimulus.

    Witnesses ``planted``: ``target``, where the link stood (``at``), and ``beyond``, what came into
    the folder behind it or changed there.

    Args:
        stage: The play.
        target: ``nothing`` or ``a file`` for a link in the place of the object's file, ``a folder``
            for one in the place of the first folder that is named after its study, or of its file.

    Raises:
        PreconditionUnmetError: The storage folder is not known, an honest object was not taken, or
            the place of the next one cannot be foretold.
    """
    folder = storage_folder(stage)
    stage.require(folder, "the storage folder is not known")
    assert folder is not None
    first, second = marked(stage, 1), marked(stage, 2, number=2)
    if target == "a folder":
        second = second.altered(STUDY_INSTANCE_UID, uid(stage, 4))
    stage.require(offer(stage, first), "an honest object was not taken")
    place = _foretold(folder, first, second, whole=target != "a folder")
    stage.require(place, "where the next object will be stored cannot be foretold")
    assert place is not None
    with _canary(stage, target) as canary:
        before = _look(canary)
        place.symlink_to(canary if target == "a folder" else canary / "target")
        try:
            offer(stage, second, actor="attacker", stimulus=True)
            after = _look(canary)
        finally:
            if place.is_symlink():
                place.unlink()
    beyond = sorted(name for name in after.keys() | before.keys() if _differs(before, after, name))
    at = os.path.relpath(place, folder.root)
    stage.observe("planted", ACTOR, target=target, at=at, beyond=[*beyond])


def _foretold(folder: StorageFolder, first: Marked, second: Marked, *, whole: bool) -> Path | None:
    """Where the second object, or the first folder of its own, will be, by where the first is."""
    for entry in folder.fresh():
        if not entry.is_file or not _holds(entry.path, first):
            continue
        parts = entry.path.relative_to(folder.root).parts
        told = [
            part.replace(first.name, second.name).replace(first.study, second.study)
            for part in parts
        ]
        if told[-1] == parts[-1]:
            continue
        fresh = (at for at, part in enumerate(told) if part != parts[at])
        place = folder.root.joinpath(*(told if whole else told[: next(fresh) + 1]))
        if not os.path.lexists(place) and place.parent.is_dir():
            return place
    return None


def _holds(path: Path, thing: Marked) -> bool:
    try:
        with path.open("rb") as file:
            return thing.name.encode("ascii") in file.read(_MOST_FILE)
    except OSError:
        return False  # it went away meanwhile, or is not ours to read


@contextlib.contextmanager
def _canary(stage: Stage, target: str) -> Iterator[Path]:
    """A folder outside the storage, which is gone when the play ends."""
    canary = lab_of(stage).canary / f"planted{stage.token}"
    canary.mkdir(mode=0o777)
    try:
        if target == "a file":
            (canary / "target").write_bytes(_CONTENT)
        yield canary
    finally:
        shutil.rmtree(canary, ignore_errors=True)


def _look(canary: Path) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for folder, folders, names in os.walk(canary):
        for name in (*folders, *names):
            path = os.path.join(folder, name)
            with contextlib.suppress(OSError):
                seen = os.lstat(path)
                found[os.path.relpath(path, canary)] = (seen.st_size, seen.st_ino)
    return found


def _differs(
    before: dict[str, tuple[int, int]], after: dict[str, tuple[int, int]], name: str
) -> bool:
    return before.get(name) != after.get(name)
