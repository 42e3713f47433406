"""Honest STOW-RS, QIDO-RS and WADO-RS requests (PS3.18 10.4 to 10.6), and a polite peer's use."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlencode

from harness.stage import Stage
from simulators.objects import SyntheticObject, encoded, part10, synthetic_dataset, uid
from simulators.web import multipart
from simulators.web.client import ANSWER_S, WebClient
from simulators.web.request import Request
from simulators.web.response import Response
from simulators.web.target import entitled, path_of
from simulators.wire import uids

JSON: Final = "application/dicom+json"
WHOLE: Final = 'multipart/related; type="application/dicom"; transfer-syntax=*'

_REFERENCED: Final = "00081199"
"""Referenced SOP Sequence: the stored objects, in an answer to a store request (PS3.18 10.5.3)."""

ACTOR: Final = "polite"


def stow(
    stage: Stage, files: Sequence[bytes], *, study: str = "", boundary: str = multipart.BOUNDARY
) -> Request:
    """Stores Part 10 files, into one study where that is named."""
    parts = [multipart.Part(content=file) for file in files]
    return stow_body(stage, multipart.body(parts, boundary), study=study, boundary=boundary)


def stow_body(
    stage: Stage, body: bytes, *, study: str = "", boundary: str | None = multipart.BOUNDARY,
    media_type: str = multipart.DICOM,
) -> Request:  # fmt: skip
    """A STOW-RS request with a body that may be anything."""
    where = path_of(stage, "studies", study) if study else path_of(stage, "studies")
    fields = (("Accept", JSON), ("Content-Type", multipart.content_type(media_type, boundary)))
    return Request(method="POST", target=where, headers=fields, body=body)


def qido(stage: Stage, level: str = "studies", **keys: str) -> Request:
    """Searches at a level; keys by keyword."""
    query = f"?{urlencode(keys)}" if keys else ""
    return Request(target=path_of(stage, level) + query, headers=(("Accept", JSON),))


def metadata(stage: Stage, study: str) -> Request:
    """Asks for the attributes of a study."""
    where = path_of(stage, "studies", study, "metadata")
    return Request(target=where, headers=(("Accept", JSON),))


def wado(stage: Stage, thing: SyntheticObject) -> Request:
    """Asks for one instance, as it is."""
    return Request(target=instance_path(stage, thing), headers=(("Accept", WHOLE),))


def instance_path(stage: Stage, thing: SyntheticObject) -> str:
    """Where an object of the play is to be found."""
    series = uid(stage, 3)
    return path_of(stage, "studies", thing.study, "series", series, "instances", thing.sop_instance)


def store_by_web(stage: Stage, number: int = 1, **changes: object) -> SyntheticObject:
    """Has a polite peer store one object by STOW-RS, so that there is something to find.

    Raises:
        PreconditionUnmetError: The device did not take it.
    """
    answer = ask_politely(stage, stow(stage, [part10(stage, number, **changes)]))
    taken = answer is not None and answer.status in (200, 202)
    code = answer.status if answer else "no answer"
    stage.require(taken, f"an honest object was not stored by STOW-RS: {code}")
    return as_stored(stage, number, **changes)


def as_stored(stage: Stage, number: int = 1, **changes: object) -> SyntheticObject:
    """The object that a Part 10 file of the play holds."""
    dataset = synthetic_dataset(stage, number, **changes)
    return SyntheticObject(
        sop_class=str(dataset.SOPClassUID),
        sop_instance=str(dataset.SOPInstanceUID),
        study=str(dataset.StudyInstanceUID),
        transfer_syntax=uids.EXPLICIT_LE,
        dataset=encoded(dataset),
    )


def ask_politely(stage: Stage, request: Request) -> Response | None:
    """The answer to an honest, entitled request on a connection of its own."""
    with WebClient(stage, actor=ACTOR) as peer:
        return peer.ask(entitled(stage, request))


def look(stage: Stage) -> bool:
    """Whether an honest search is answered now; witnesses ``served``."""
    began = time.monotonic()
    answer = ask_politely(stage, qido(stage, limit="1"))
    ok = answer is not None and answer.status in (200, 204)
    stage.observe(
        "served", ACTOR, ok=ok, after_s=round(time.monotonic() - began, 4),
        detail=f"HTTP {answer.status}" if answer else f"no answer within {ANSWER_S:g} s",
    )  # fmt: skip
    return ok


def holds(stage: Stage, study: str) -> bool:
    """Whether a polite search finds a study.

    Raises:
        PreconditionUnmetError: The search was not answered.
    """
    answer = ask_politely(stage, qido(stage, StudyInstanceUID=study))
    done = answer is not None and answer.status in (200, 204)
    stage.require(done, "an honest search was not answered")
    return answer is not None and study.encode() in answer.body


def witness_holding(stage: Stage, study: str, *, expected: bool = False) -> None:
    """Looks whether a study is there as expected; witnesses ``effect``."""
    there = holds(stage, study)
    word = "there" if there else "not there"
    stage.observe("effect", ACTOR, what=f"the study is {word}", changed=there is not expected)


def witness_listed(stage: Stage, answer: Response | None) -> int:
    """Witnesses ``listed``: how many objects an answer to a store request lists as stored."""
    try:
        items = json.loads(answer.body)[_REFERENCED]["Value"] if answer else []
        count = len(items)
    except (ValueError, KeyError, TypeError, RecursionError):
        count = 0
    stage.observe("listed", ACTOR, count=count)
    return count
