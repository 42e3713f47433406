"""Pictures of what the browser showed, as evidence: bounded, and never of a patient."""

from __future__ import annotations

import hashlib
import re
from typing import Final

from harness.errors import RecordError
from harness.stage import Stage
from simulators.browser.desk import Desk
from simulators.lab import Lab

FOLDER: Final = "screens"
"""Where they lie in a run folder."""

MOST_BYTES: Final = 1 << 20
"""Octets of one picture."""
MOST_OF_RUN: Final = 64 << 20
"""Octets of all pictures of a run."""
MOST_OF_PLAY: Final = 6
"""Pictures of one play."""

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def keep(stage: Stage, lab: Lab, desk: Desk, number: int, picture: bytes) -> None:
    """Puts a picture into the run folder and its digest into the record, within the bounds.

    Args:
        stage: The play.
        lab: Whose run folder it is.
        desk: Counts what was kept.
        number: Which picture of the play it is.
        picture: PNG.

    Raises:
        RecordError: It cannot be written.
    """
    why = _left_out(stage, desk, number, len(picture))
    if why:
        stage.observe("screen", "browser", left_out=why, bytes=len(picture))
        return
    desk.kept += len(picture)
    path = f"{FOLDER}/{_UNSAFE.sub('_', stage.play)[:100]}-{number}.png"
    try:
        (lab.run_folder / FOLDER).mkdir(exist_ok=True)
        (lab.run_folder / path).write_bytes(picture)
    except OSError as error:
        raise RecordError(f"{path}: cannot write: {error.strerror}") from error
    stage.observe("evidence", "browser", path=path, sha256=hashlib.sha256(picture).hexdigest())


def _left_out(stage: Stage, desk: Desk, number: int, size: int) -> str:
    if stage.profile.withholds_data_sets:
        return "it may show patients"
    if number > MOST_OF_PLAY:
        return f"a play keeps {MOST_OF_PLAY}"
    if size > MOST_BYTES:
        return f"larger than {MOST_BYTES >> 20} MiB"
    return "the run has enough" if desk.kept + size > MOST_OF_RUN else ""
