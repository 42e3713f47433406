"""A device whose storage is filled up to its claimed quota, and given room again afterwards."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from typing import Final

from harness.stage import Stage
from simulators.lab import lab_of
from simulators.load.drive import Driven
from simulators.load.kept_files import KeptFiles
from simulators.load.plan import MOST_OCTETS, Plan
from simulators.load.scene import ACTOR, close, device_of, listings, load, plan
from simulators.load.threads import run_threads
from simulators.load.verify import WayError

MOST_QUOTA: Final = 64 * 2**20
"""Largest quota, in octets, that is filled."""

_OBJECTS: Final = 40
_BEYOND: Final = 8
_LEAST_SIZE: Final = 4096
_AGAIN: Final = 4
_ASSOCIATIONS: Final = 2


@contextlib.contextmanager
def filled(stage: Stage) -> Iterator[Driven]:
    """Stores until the claimed quota is exceeded; leaving the context makes room again.

    Raises:
        PreconditionUnmetError: The quota is too large to be filled, or its storage is not ours.
    """
    quota = (stage.profile.load.storage_quota if stage.profile.load else None) or 0
    process = stage.profile.process
    ours = process is not None and bool(process.storage) and device_of(stage) is not None
    stage.require(ours, "the storage folder is not ours, so that no room could be made again")
    stage.require(0 < quota <= MOST_QUOTA, "the claimed quota is more than we may fill")
    what = _filling(stage, quota)
    try:
        yield load(stage, what)
    finally:
        make_room(stage, what.uid_root)


def make_room(stage: Stage, uid_root: str) -> int:
    """Removes the files of one load from the storage folder; returns how many."""
    removed = 0
    for path in KeptFiles(lab_of(stage).storage).paths(uid_root):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)
            removed += 1
    return removed


def store_again(stage: Stage, before: Plan | Driven) -> None:
    """Stores a few objects of the same size; witnesses ``stored-again``."""
    size = before.measurement.size_bytes if isinstance(before, Driven) else before.size_bytes
    again = plan(stage, "store", number=1, associations=1, count=_AGAIN, size_bytes=size)
    seen = run_threads(again, lab_of(stage).guard, stage.cancelled).measurement
    make_room(stage, again.uid_root)
    stage.observe(
        "stored-again", ACTOR, count=seen.count, errors=seen.errors, statuses=seen.statuses,
        endings=seen.endings,
    )  # fmt: skip


def look_for_refused(stage: Stage, driven: Driven) -> None:
    """Looks whether the device lists objects that it did not acknowledge; witnesses ``leftovers``.

    ``refused`` counts the objects that were refused, ``found`` those of them that are there.
    """
    owed = driven.acknowledged
    known = {name for lane in owed.lanes for name in owed.uids(lane)}
    lanes = range(driven.measurement.associations)
    for way in listings(stage, owed):
        found: set[str] = set()
        try:
            for lane in lanes:
                found |= set(way.holds(lane, _Anything(), whole=True))
        except WayError:
            continue
        finally:
            close(way)
        extra = sorted(name for name in found - known if name.startswith(owed.uid_root))
        stage.observe(
            "leftovers", ACTOR, refused=driven.measurement.errors, found=len(extra),
            how=way.name, examples=extra[:3],
        )  # fmt: skip
        return


def _filling(stage: Stage, quota: int) -> Plan:
    size = min(max(quota // _OBJECTS, _LEAST_SIZE), MOST_OCTETS)
    return plan(
        stage,
        "store",
        associations=_ASSOCIATIONS,
        count=quota // size + _BEYOND,
        size_bytes=size,
    )


class _Anything(dict[str, int]):
    """Stands for every name: what is there is asked for, whatever it is called."""

    def __contains__(self, _name: object) -> bool:
        return True
