"""UPS-RS (PS3.18 11): workitems of the play, their states, and who has them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

from pydicom.dataset import Dataset

from harness.model import JSON
from harness.stage import Stage
from simulators.objects import uid
from simulators.web.honest import JSON as JSON_TYPE
from simulators.web.honest import ask_politely
from simulators.web.request import Request
from simulators.web.target import path_of
from simulators.web.xml import XML, native

STATE: Final = "00741000"
LOCK: Final = "00081195"
SCHEDULED: Final = "SCHEDULED"
IN_PROGRESS: Final = "IN PROGRESS"
COMPLETED: Final = "COMPLETED"
_OWNER, _STRANGER, _ITEM = 41, 42, 40


@dataclass(frozen=True, slots=True)
class Workitem:
    """A workitem, and the Transaction UID of its performer."""

    uid: str
    lock: str


def workitem_of(stage: Stage, number: int = 1) -> Workitem:
    """A workitem of the play."""
    return Workitem(uid(stage, _ITEM, number), uid(stage, _OWNER, number))


def stranger_of(stage: Stage) -> str:
    """A Transaction UID that nobody has."""
    return uid(stage, _STRANGER)


def scheduled(stage: Stage) -> Dataset:
    """The attributes of a new workitem (PS3.4 Table CC.2.5-3), as far as a server needs them."""
    dataset = Dataset()
    dataset.PatientID = f"SYN{stage.token[:12]}"
    dataset.TransactionUID = ""
    dataset.ScheduledProcedureStepPriority = "MEDIUM"
    dataset.ProcedureStepState = SCHEDULED
    dataset.ProcedureStepLabel = "Synthetic step"
    dataset.WorklistLabel = "Synthetic"
    dataset.InputReadinessState = "READY"
    dataset.ScheduledProcedureStepStartDateTime = "20200101120000"
    return dataset


def create(stage: Stage, item: Workitem, document: bytes = b"", media_type: str = "") -> Request:
    """Creates a workitem; of a document in XML, where one is given."""
    content = document or json.dumps([scheduled(stage).to_json_dict()]).encode()
    kind = media_type or JSON_TYPE
    return Request(
        method="POST",
        target=f"{path_of(stage, 'workitems')}?{item.uid}",
        headers=(("Content-Type", kind), ("Accept", JSON_TYPE)),
        body=content,
    )


def create_xml(stage: Stage, item: Workitem, document: bytes = b"") -> Request:
    """Creates a workitem of a document in XML: an honest one, where none is given."""
    return create(stage, item, document or native(scheduled(stage)), XML)


def retrieve(stage: Stage, item: Workitem) -> Request:
    """Asks for a workitem."""
    where = path_of(stage, "workitems", item.uid)
    return Request(target=where, headers=(("Accept", JSON_TYPE),))


def change(stage: Stage, item: Workitem, state: str, lock: str | None) -> Request:
    """Changes the state of a workitem.

    Args:
        stage: The play.
        item: It.
        state: The new state.
        lock: The Transaction UID that is shown; None for none.
    """
    wanted: dict[str, JSON] = {STATE: {"vr": "CS", "Value": [state]}}
    if lock is not None:
        wanted[LOCK] = {"vr": "UI", "Value": [lock]}
    return Request(
        method="PUT",
        target=path_of(stage, "workitems", item.uid, "state"),
        headers=(("Content-Type", JSON_TYPE), ("Accept", JSON_TYPE)),
        body=json.dumps([wanted]).encode(),
    )


def cancel(stage: Stage, item: Workitem) -> Request:
    """Asks for the end of a workitem that another performs, or nobody yet (PS3.18 11.8)."""
    where = path_of(stage, "workitems", item.uid, "cancelrequest")
    return Request(method="POST", target=where, headers=(("Accept", JSON_TYPE),))


def subscribe(stage: Stage, item: Workitem, title: str) -> Request:
    """Subscribes an AE title to a workitem."""
    where = path_of(stage, "workitems", item.uid, "subscribers", title)
    return Request(method="POST", target=where, headers=(("Accept", JSON_TYPE),))


def require_workitem(stage: Stage, number: int = 1, *, claimed: bool = False) -> Workitem:
    """Has a polite peer create a workitem, and claim it where that is wanted.

    Raises:
        PreconditionUnmetError: The device did not take it.
    """
    item = workitem_of(stage, number)
    require_taken(stage, create(stage, item))
    if claimed:
        require_taken(stage, change(stage, item, IN_PROGRESS, item.lock))
    return item


def require_taken(stage: Stage, step: Request) -> None:
    """Has a polite peer take one step with a workitem.

    Raises:
        PreconditionUnmetError: The device did not take it.
    """
    answer = ask_politely(stage, step)
    code = answer.status if answer else "no answer"
    done = answer is not None and 200 <= answer.status < 300
    stage.require(done, f"an honest {step.method} of a workitem was not taken: {code}")


def state_of(stage: Stage, item: Workitem) -> str:
    """The state of a workitem by an honest retrieval.

    Raises:
        PreconditionUnmetError: It was not given.
    """
    answer = ask_politely(stage, retrieve(stage, item))
    stage.require(answer is not None and answer.status == 200, "the workitem was not given")
    try:
        given = json.loads(answer.body if answer else b"")
        first = given[0] if isinstance(given, list) else given
        state = str(first[STATE]["Value"][0])
    except (ValueError, KeyError, IndexError, TypeError, RecursionError):
        state = ""
    stage.require(state, "the workitem has no state")
    return state


def witness_state(stage: Stage, item: Workitem, expected: str) -> None:
    """Looks whether a workitem has the state that it had; witnesses ``effect``."""
    state = state_of(stage, item)
    stage.observe("effect", "polite", what=f"the workitem is {state}", changed=state != expected)
