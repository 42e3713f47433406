"""Many images of one series, so that a query for them takes a while."""

from __future__ import annotations

from harness.stage import Stage
from simulators.inquiry import Question
from simulators.load import naming
from simulators.load.scene import load, plan

_SIZE_BYTES = 1024


def store_series(stage: Stage, count: int) -> dict[str, str]:
    """Stores a series; returns the keys that ask for all its images.

    Raises:
        PreconditionUnmetError: Not one object was acknowledged.
    """
    what = plan(stage, "store", associations=1, count=count, size_bytes=_SIZE_BYTES)
    owed = load(stage, what).acknowledged
    stage.require(owed.count, "no object was stored that a query could find")
    lane = next(iter(owed.lanes))
    return {
        "QueryRetrieveLevel": "IMAGE",
        "StudyInstanceUID": naming.study_uid(owed.uid_root, lane),
        "SeriesInstanceUID": naming.series_uid(owed.uid_root, lane),
        "SOPInstanceUID": "",
    }


def honest_question(keys: dict[str, str]) -> Question:
    """The question for the whole series, to compare others with."""
    return Question(name="SeriesInstanceUID", form="honest", keys=keys, stimulus=False)
