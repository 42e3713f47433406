"""An archive that returns an object whose UID is a path, by C-GET or by C-MOVE."""

from __future__ import annotations

from simulators import wire
from simulators.acceptor import Acceptor
from simulators.answers import deliver
from simulators.hostile import (
    SOP_INSTANCE_UID,
    STUDY_INSTANCE_UID,
    as_object,
    elements,
    replacing,
)
from simulators.objects import uid
from simulators.requestor import ANSWER_S
from simulators.services import asked_for, finish_retrieve, storage_context
from simulators.wire import uids


def return_named(
    hostile: Acceptor, *, instance: str | None = None, study: str | None = None
) -> None:
    """Answers a C-GET with one object, and sees how the device ends it.

    Args:
        hostile: The device, which has been made to retrieve.
        instance: SOP Instance UID of the object, in its command set and its data set; by default an
            honest one.
        study: Study Instance UID; by default the one that the device asked for.
    """
    stage = hostile.stage
    asked = hostile.first_request()
    context_id, syntax = storage_context(hostile, uids.SECONDARY_CAPTURE)
    wanted = asked_for(hostile, asked).get("StudyInstanceUID", uid(stage, 2))
    content = replacing(elements(stage), STUDY_INSTANCE_UID, study or wanted)
    thing = as_object(replacing(content, SOP_INSTANCE_UID, instance or uid(stage, 1)), syntax)
    command = wire.c_store_rq(thing.sop_class, thing.sop_instance)
    hostile.invoke(context_id, command, thing.dataset, stimulus=True)
    hostile.wait_for_ending(ANSWER_S)
    if hostile.ended is None:
        finish_retrieve(hostile, asked, completed=0, failed=1)
        hostile.see_out()


def move_named(hostile: Acceptor, *, instance: str) -> None:
    """Answers a C-MOVE by one object, sent to the device's own listener; how it ends is seen.

    Args:
        hostile: The device, which has asked for it.
        instance: SOP Instance UID of the object.
    """
    stage = hostile.stage
    asked = hostile.first_request()
    wanted = asked_for(hostile, asked).get("StudyInstanceUID", uid(stage, 2))
    content = replacing(elements(stage), STUDY_INSTANCE_UID, wanted)
    thing = as_object(replacing(content, SOP_INSTANCE_UID, instance), uids.EXPLICIT_LE)
    deliver(hostile, asked, [thing], stimulus=True)
    finish_retrieve(hostile, asked, completed=0, failed=1)
    hostile.see_out()
