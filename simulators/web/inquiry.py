"""QIDO-RS searches whose answers are compared: the same questions as by C-FIND, the same record."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterable
from typing import Final, cast
from urllib.parse import urlencode

from harness.model import JSON
from harness.stage import Stage
from simulators.inquiry import Question
from simulators.web.client import WebClient
from simulators.web.honest import JSON as DICOM_JSON
from simulators.web.request import Request
from simulators.web.response import Response
from simulators.web.target import entitled, path_of

_STUDY: Final = "0020000D"
_SHOWN: Final = 80
_LEVEL: Final = "QueryRetrieveLevel"


def inquire_by_web(stage: Stage, questions: Iterable[Question]) -> None:
    """Asks one question after the other, until one hangs; witnesses a ``search`` for each."""
    for question in questions:
        keys = {name: text for name, text in question.keys.items() if name != _LEVEL and text}
        target = f"{path_of(stage, 'studies')}?{urlencode(keys)}"
        request = Request(target=target, headers=(("Accept", DICOM_JSON),))
        began = time.monotonic()
        with WebClient(stage) as client:
            what = f"{question.name}: {question.form}"
            answer = client.ask(entitled(stage, request), what=what, stimulus=question.stimulus)
            ended = stage.record({}).last("outcome", "attacker")
        _witness(stage, question, answer, str(ended.data["outcome"]) if ended else "", began)
        if client.silent:
            return


def _witness(
    stage: Stage, question: Question, answer: Response | None, outcome: str, began: float
) -> None:
    found = _studies(answer) if answer else []
    text: JSON = question.keys.get(question.name, "")[:_SHOWN]
    digest = hashlib.sha256("\n".join(found).encode("utf-8", "replace")).hexdigest()[:16]
    stage.observe(
        "search", "attacker", name=question.name, form=question.form, text=text,
        found=len(found), answer=digest, outcome=outcome, status=None,
        code=answer.status if answer else None, seconds=round(time.monotonic() - began, 4),
    )  # fmt: skip


def _studies(answer: Response) -> list[str]:
    """The studies that an answer lists, sorted; none where it is no list of studies."""
    try:
        rows = json.loads(answer.body)
    except (ValueError, RecursionError):
        return []
    found: list[str] = []
    for row in cast("list[object]", rows) if isinstance(rows, list) else []:
        told = cast("dict[str, object]", row).get(_STUDY) if isinstance(row, dict) else None
        values = cast("dict[str, object]", told).get("Value") if isinstance(told, dict) else None
        found += (
            [str(each) for each in cast("list[object]", values)] if isinstance(values, list) else []
        )
    return sorted(found)
