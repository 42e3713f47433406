"""The ways by which one file gets into a device over the web, and how it says that it took it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from harness.model import Claim
from harness.stage import Stage
from simulators.web.honest import ACTOR, stow, witness_listed
from simulators.web.request import Request
from simulators.web.response import Response
from simulators.web.target import web_of


@dataclass(frozen=True, slots=True, kw_only=True)
class WayIn:
    """A way.

    Attributes:
        hands_over: Makes the request that hands over one file, without credentials.
        acknowledged: How many objects its answer acknowledges, which is witnessed as ``listed``.
    """

    hands_over: Callable[[Stage, bytes], Request]
    acknowledged: Callable[[Stage, Response | None], int]


def import_file(stage: Stage, octets: bytes) -> Request:
    """Posts a file as it is, to where the device imports files."""
    path = web_of(stage).file_import
    stage.require(path, "the profile has no web.file_import")
    fields = (("Content-Type", "application/dicom"), ("Accept", "application/json"))
    return Request(method="POST", target=str(path), headers=fields, body=octets)


def _witness_success(stage: Stage, answer: Response | None) -> int:
    """Witnesses ``listed``: no standard says how an import tells, so that its code has to."""
    count = int(answer is not None and 200 <= answer.status < 300)
    stage.observe("listed", ACTOR, count=count)
    return count


BY_STOW: Final = WayIn(
    hands_over=lambda stage, octets: stow(stage, [octets]), acknowledged=witness_listed
)
BY_IMPORT: Final = WayIn(hands_over=import_file, acknowledged=_witness_success)

IMPORTS: Final = frozenset({Claim.WEB_FILE_IMPORT, Claim.WEB_QIDO, Claim.WEB_WADO})
"""What a device claims that imports files, and can be asked for what is in them."""
