"""Uploads of ZIP archives and Part 10 files, to the path that the profile names."""

from __future__ import annotations

from harness.stage import Stage
from simulators.objects import SyntheticObject, part10
from simulators.web.honest import as_stored, ask_politely, holds
from simulators.web.request import Request
from simulators.web.target import web_of

ZIP = "application/zip"


def upload(stage: Stage, content: bytes, media_type: str = ZIP) -> Request:
    """Uploads something, without credentials."""
    path = web_of(stage).zip_import
    stage.require(path, "the profile has no web.zip_import")
    fields = (("Content-Type", media_type), ("Accept", "application/json"))
    return Request(method="POST", target=str(path), headers=fields, body=content)


def require_upload(stage: Stage) -> SyntheticObject:
    """Has a polite peer upload one object, so that a refusal is that of a device that takes them.

    Raises:
        PreconditionUnmetError: The device did not take it.
    """
    thing = as_stored(stage)
    answer = ask_politely(stage, upload(stage, part10(stage), "application/dicom"))
    code = answer.status if answer else "no answer"
    stage.require(answer is not None and 200 <= answer.status < 300, f"upload refused: {code}")
    stage.require(holds(stage, thing.study), "what was uploaded is not found")
    return thing
