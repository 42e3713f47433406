"""What an honest origin server answers: the objects of the play, and that it has stored what came.

Everything is synthetic. One study of one series is there, with as many instances as are asked for.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from harness.stage import Stage
from simulators.objects import part10, synthetic_dataset, uid
from simulators.origin.exchange import Asked, Message, Reply, honest
from simulators.web import multipart
from simulators.wire import uids

JSON: Final = "application/dicom+json"
PARTS: Final = multipart.content_type()

_STUDY_TAGS: Final = ("00080020", "00080030", "00080050", "00100010", "00100020", "0020000D")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the device is made to ask for, and to store.

    Attributes:
        study: Study Instance UID.
        series: Series Instance UID.
        instance: SOP Instance UID.
    """

    study: str
    series: str
    instance: str

    @classmethod
    def of(cls, stage: Stage) -> Wanted:
        """The first object of the play."""
        return cls(study=uid(stage, 2), series=uid(stage, 3), instance=uid(stage, 1, 1))


def answer(stage: Stage, asked: Asked) -> Reply:
    """What an honest server answers to a request."""
    if asked.service == "store":
        return honest(stored(stage))
    if asked.service == "search":
        return honest(found(stage))
    if asked.service == "retrieve":
        if asked.steps[-1:] == ("metadata",):
            return honest(described(stage))
        return honest(instance(stage))
    return honest(Message(status=404, kind="text/plain", body=b"nothing is here\n"))


def found(stage: Stage, **changes: str) -> Message:
    """One match of a search for studies (PS3.18 10.6.3), with attributes by keyword changed."""
    return Message(kind=JSON, body=json.dumps([match(stage, **changes)]).encode())


def match(stage: Stage, **changes: str) -> dict[str, object]:
    """The attributes of the study in JSON (PS3.18 F)."""
    attributes = synthetic_dataset(stage, 1, **changes).to_json_dict()
    kept: dict[str, object] = {tag: attributes[tag] for tag in _STUDY_TAGS if tag in attributes}
    return {**kept, "00201206": {"vr": "IS", "Value": [1]}, "00201208": {"vr": "IS", "Value": [1]}}


def described(stage: Stage) -> Message:
    """The metadata of the instance (PS3.18 10.4.1.1.2)."""
    dataset = synthetic_dataset(stage)
    del dataset.PixelData
    return Message(kind=JSON, body=json.dumps([dataset.to_json_dict()]).encode())


def instance(stage: Stage) -> Message:
    """The instance that was asked for."""
    return packed([multipart.Part(content=part10(stage))])


def packed(parts: list[multipart.Part]) -> Message:
    """A multipart answer with these parts."""
    return Message(kind=PARTS, body=multipart.body(parts))


def stored(stage: Stage) -> Message:
    """That the object was stored (PS3.18 10.5.3)."""
    return Message(kind=JSON, body=json.dumps(said_of_storing(stage)).encode())


def said_of_storing(
    stage: Stage, *, failed: int | None = None, instance: str | None = None
) -> Mapping[str, object]:
    """The store response of one object: kept, or failed for a reason (PS3.18 10.5.3.2)."""
    wanted = Wanted.of(stage)
    item: dict[str, object] = {
        "00081150": {"vr": "UI", "Value": [uids.SECONDARY_CAPTURE]},
        "00081155": {"vr": "UI", "Value": [instance or wanted.instance]},
    }
    if failed is not None:
        item["00081197"] = {"vr": "US", "Value": [failed]}
        return {"00081198": {"vr": "SQ", "Value": [item]}}
    item["00081190"] = {"vr": "UR", "Value": ["http://origin.invalid/kept"]}
    return {"00081199": {"vr": "SQ", "Value": [item]}}
