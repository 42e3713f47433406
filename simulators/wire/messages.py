"""Honest DIMSE messages (PS3.7 9.3, 10.3): the mandatory elements and nothing else.

Every builder returns a `Command`; `Command.without`, `replacing` and `plus` make it dishonest.
"""

from __future__ import annotations

from typing import Final

from simulators.wire import uids
from simulators.wire.dimse import NO_DATA_SET, Command, Value, command

DATA_SET_FOLLOWS: Final = 0x0001
"""Any CommandDataSetType but 0101H announces a data set (PS3.7 E.1)."""

SUCCESS: Final = 0x0000
PENDING: Final = 0xFF00

C_STORE: Final = 0x0001
C_GET: Final = 0x0010
C_FIND: Final = 0x0020
C_MOVE: Final = 0x0021
C_ECHO: Final = 0x0030
N_EVENT_REPORT: Final = 0x0100
N_GET: Final = 0x0110
N_SET: Final = 0x0120
N_ACTION: Final = 0x0130
N_CREATE: Final = 0x0140
N_DELETE: Final = 0x0150
C_CANCEL: Final = 0x0FFF
RESPONSE: Final = 0x8000
"""Set in the Command Field of every response."""


def request(
    field: int, sop_class: str, message_id: int, *, has_data: bool, **more: Value
) -> Command:
    """Return a request on an affected SOP Class: command field, message id and ``more``."""
    return command(
        AffectedSOPClassUID=sop_class,
        CommandField=field,
        MessageID=message_id,
        CommandDataSetType=DATA_SET_FOLLOWS if has_data else NO_DATA_SET,
        **more,
    )


def response(
    field: int, sop_class: str, responding_to: int, status: int, *, has_data: bool, **more: Value
) -> Command:
    """Return the response to a request whose command field is ``field``."""
    return command(
        AffectedSOPClassUID=sop_class,
        CommandField=field | RESPONSE,
        MessageIDBeingRespondedTo=responding_to,
        CommandDataSetType=DATA_SET_FOLLOWS if has_data else NO_DATA_SET,
        Status=status,
        **more,
    )


def c_echo_rq(message_id: int = 1) -> Command:
    """Return a C-ECHO-RQ (PS3.7 9.3.5.1)."""
    return request(C_ECHO, uids.VERIFICATION, message_id, has_data=False)


def c_echo_rsp(responding_to: int = 1, status: int = SUCCESS) -> Command:
    """Return a C-ECHO-RSP (PS3.7 9.3.5.2)."""
    return response(C_ECHO, uids.VERIFICATION, responding_to, status, has_data=False)


def c_store_rq(
    sop_class: str,
    sop_instance: str,
    message_id: int = 1,
    *,
    priority: int = 0,
    move_originator: str | None = None,
    move_originator_message_id: int | None = None,
) -> Command:
    """Return a C-STORE-RQ (PS3.7 9.3.1.1); the originator elements only when given."""
    more: dict[str, Value] = {}
    if move_originator is not None:
        more["MoveOriginatorApplicationEntityTitle"] = move_originator
    if move_originator_message_id is not None:
        more["MoveOriginatorMessageID"] = move_originator_message_id
    return request(
        C_STORE,
        sop_class,
        message_id,
        has_data=True,
        Priority=priority,
        AffectedSOPInstanceUID=sop_instance,
        **more,
    )


def c_store_rsp(
    sop_class: str, sop_instance: str, responding_to: int = 1, status: int = SUCCESS
) -> Command:
    """Return a C-STORE-RSP (PS3.7 9.3.1.2)."""
    return response(
        C_STORE,
        sop_class,
        responding_to,
        status,
        has_data=False,
        AffectedSOPInstanceUID=sop_instance,
    )


def c_find_rq(
    sop_class: str = uids.STUDY_ROOT_FIND, message_id: int = 1, *, priority: int = 0
) -> Command:
    """Return a C-FIND-RQ (PS3.7 9.3.2.1); the identifier follows as data set."""
    return request(C_FIND, sop_class, message_id, has_data=True, Priority=priority)


def c_find_rsp(
    sop_class: str = uids.STUDY_ROOT_FIND,
    responding_to: int = 1,
    status: int = SUCCESS,
    *,
    has_data: bool | None = None,
) -> Command:
    """Return a C-FIND-RSP (PS3.7 9.3.2.2); by default a pending one announces an identifier."""
    announced = status in (PENDING, 0xFF01) if has_data is None else has_data
    return response(C_FIND, sop_class, responding_to, status, has_data=announced)


def c_get_rq(
    sop_class: str = uids.STUDY_ROOT_GET, message_id: int = 1, *, priority: int = 0
) -> Command:
    """Return a C-GET-RQ (PS3.7 9.3.3.1); the identifier follows as data set."""
    return request(C_GET, sop_class, message_id, has_data=True, Priority=priority)


def c_get_rsp(
    sop_class: str = uids.STUDY_ROOT_GET,
    responding_to: int = 1,
    status: int = SUCCESS,
    *,
    has_data: bool = False,
    remaining: int | None = None,
    completed: int = 0,
    failed: int = 0,
    warning: int = 0,
) -> Command:
    """Return a C-GET-RSP (PS3.7 9.3.3.2) with its sub-operation counts."""
    counts = _counts(remaining, completed, failed, warning)
    return response(C_GET, sop_class, responding_to, status, has_data=has_data, **counts)


def c_move_rq(
    destination: str,
    sop_class: str = uids.STUDY_ROOT_MOVE,
    message_id: int = 1,
    *,
    priority: int = 0,
) -> Command:
    """Return a C-MOVE-RQ (PS3.7 9.3.4.1); the identifier follows as data set."""
    return request(
        C_MOVE,
        sop_class,
        message_id,
        has_data=True,
        Priority=priority,
        MoveDestination=destination,
    )


def c_move_rsp(
    sop_class: str = uids.STUDY_ROOT_MOVE,
    responding_to: int = 1,
    status: int = SUCCESS,
    *,
    has_data: bool = False,
    remaining: int | None = None,
    completed: int = 0,
    failed: int = 0,
    warning: int = 0,
) -> Command:
    """Return a C-MOVE-RSP (PS3.7 9.3.4.2) with its sub-operation counts."""
    counts = _counts(remaining, completed, failed, warning)
    return response(C_MOVE, sop_class, responding_to, status, has_data=has_data, **counts)


def c_cancel_rq(responding_to: int = 1) -> Command:
    """Return a C-CANCEL-RQ (PS3.7 9.3.2.3), which nobody answers."""
    return command(
        CommandField=C_CANCEL,
        MessageIDBeingRespondedTo=responding_to,
        CommandDataSetType=NO_DATA_SET,
    )


def n_event_report_rq(
    sop_class: str, sop_instance: str, event_type: int, message_id: int = 1, *, has_data: bool
) -> Command:
    """Return an N-EVENT-REPORT-RQ (PS3.7 10.3.1.1)."""
    return request(
        N_EVENT_REPORT,
        sop_class,
        message_id,
        has_data=has_data,
        AffectedSOPInstanceUID=sop_instance,
        EventTypeID=event_type,
    )


def n_get_rq(
    sop_class: str, sop_instance: str, message_id: int = 1, *, attributes: tuple[int, ...] = ()
) -> Command:
    """Return an N-GET-RQ (PS3.7 10.3.2.1) for ``attributes``, tags as 0xGGGGEEEE."""
    wanted: dict[str, Value] = {"AttributeIdentifierList": attributes} if attributes else {}
    return _requested(N_GET, sop_class, sop_instance, message_id, has_data=False, **wanted)


def n_set_rq(sop_class: str, sop_instance: str, message_id: int = 1) -> Command:
    """Return an N-SET-RQ (PS3.7 10.3.3.1); the modification list follows as data set."""
    return _requested(N_SET, sop_class, sop_instance, message_id, has_data=True)


def n_action_rq(
    sop_class: str,
    sop_instance: str,
    action_type: int = 1,
    message_id: int = 1,
    *,
    has_data: bool = True,
) -> Command:
    """Return an N-ACTION-RQ (PS3.7 10.3.4.1)."""
    return _requested(
        N_ACTION, sop_class, sop_instance, message_id, has_data=has_data, ActionTypeID=action_type
    )


def n_create_rq(sop_class: str, sop_instance: str | None = None, message_id: int = 1) -> Command:
    """Return an N-CREATE-RQ (PS3.7 10.3.5.1); the attribute list follows as data set."""
    more: dict[str, Value] = {}
    if sop_instance is not None:
        more["AffectedSOPInstanceUID"] = sop_instance
    return request(N_CREATE, sop_class, message_id, has_data=True, **more)


def n_delete_rq(sop_class: str, sop_instance: str, message_id: int = 1) -> Command:
    """Return an N-DELETE-RQ (PS3.7 10.3.6.1)."""
    return _requested(N_DELETE, sop_class, sop_instance, message_id, has_data=False)


def n_rsp(
    field: int,
    sop_class: str,
    sop_instance: str,
    responding_to: int = 1,
    status: int = SUCCESS,
    *,
    has_data: bool = False,
    **more: Value,
) -> Command:
    """Return the response to the N- request whose command field is ``field`` (PS3.7 10.3)."""
    return response(
        field,
        sop_class,
        responding_to,
        status,
        has_data=has_data,
        AffectedSOPInstanceUID=sop_instance,
        **more,
    )


def _requested(
    field: int,
    sop_class: str,
    sop_instance: str,
    message_id: int,
    *,
    has_data: bool,
    **more: Value,
) -> Command:
    return command(
        RequestedSOPClassUID=sop_class,
        CommandField=field,
        MessageID=message_id,
        CommandDataSetType=DATA_SET_FOLLOWS if has_data else NO_DATA_SET,
        RequestedSOPInstanceUID=sop_instance,
        **more,
    )


def _counts(remaining: int | None, completed: int, failed: int, warning: int) -> dict[str, Value]:
    counts: dict[str, Value] = {
        "NumberOfCompletedSuboperations": completed,
        "NumberOfFailedSuboperations": failed,
        "NumberOfWarningSuboperations": warning,
    }
    if remaining is not None:
        counts["NumberOfRemainingSuboperations"] = remaining
    return counts
