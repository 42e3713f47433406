"""UPS-RS (PS3.18 11): workitems, and who performs them; whoever has the lock changes the state."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from typing import cast
from urllib.parse import unquote

from harness.model import JSON
from simulators.devices.reference.flaws import Flaws
from simulators.devices.reference.uids import is_uid
from simulators.devices.reference.web_access import Caller
from simulators.devices.reference.web_message import JSON_TYPE, Answer, RefusedError, Request

NAME = "workitems"
XML_TYPE = "application/dicom+xml"
_STATE, _LOCK, _UID, _PATIENT = "00741000", "00081195", "00080018", "00100020"
_SCHEDULED, _IN_PROGRESS = "SCHEDULED", "IN PROGRESS"
_FINAL = ("COMPLETED", "CANCELED")
_MOST = 256
_LONGEST = 256 << 10

_Attributes = dict[str, JSON]


@dataclass(slots=True)
class _Workitem:
    attributes: _Attributes
    state: str = _SCHEDULED
    lock: str = ""


class Workitems:
    """Keeps workitems in memory."""

    def __init__(self, flaws: Flaws, base: str) -> None:
        self._flaws = flaws
        self._base = f"{base}/{NAME}"
        self._guard = threading.Lock()
        self._items: dict[str, _Workitem] = {}

    def __call__(self, request: Request, rest: list[str], caller: Caller) -> Answer:
        """Answer a request.

        Args:
            request: It.
            rest: What follows ``workitems`` in its path.
            caller: Who asks.

        Raises:
            RefusedError: It is refused.
        """
        with self._guard:
            match (request.method, *rest):
                case ("POST",):
                    return self._create(request, caller)
                case ("GET", uid):
                    return self._told(self._item(uid, caller))
                case ("PUT", uid, "state"):
                    return self._change(self._item(uid, caller), _described(request))
                case ("POST", uid, "cancelrequest"):
                    return self._cancel(self._item(uid, self._canceller(caller)))
                case ("POST" | "DELETE", uid, "subscribers", _):
                    self._item(uid, caller)
                    return self._subscribe(caller)
                case _:
                    raise RefusedError(404, "no such resource")

    def _create(self, request: Request, caller: Caller) -> Answer:
        given = self._given(request)
        uid = unquote(request.query) or _first(given, _UID)
        if not is_uid(uid.encode("utf-8", "replace")):
            raise RefusedError(400, "no UID")
        if _first(given, _STATE) != _SCHEDULED or _first(given, _LOCK):
            raise RefusedError(400, "a new workitem is scheduled, and nobody's")
        if not caller.may_have(_first(given, _PATIENT).encode("utf-8", "replace")):
            raise RefusedError(403, "not for this caller")
        if uid in self._items:
            raise RefusedError(409, "workitem is there")
        if len(self._items) >= _MOST:
            self._items.pop(next(iter(self._items)))
        self._items[uid] = _Workitem(given)
        return Answer(status=201, fields={"Location": f"{self._base}/{uid}"})

    def _given(self, request: Request) -> _Attributes:
        if request.first("content-type").partition(";")[0].strip().lower() != XML_TYPE:
            return _described(request)
        if self._flaws.has("web_ups_xml_refused"):
            raise RefusedError(415, "media type")
        if self._flaws.has("web_ups_xml_external"):
            from simulators.devices.reference.web_xml_flaws import with_entities

            return with_entities(request.body)
        from simulators.devices.reference.web_xml import attributes_of

        return attributes_of(request.body)

    def _item(self, uid: str, caller: Caller) -> _Workitem:
        found = self._items.get(uid)
        patient = _first(found.attributes, _PATIENT) if found else ""
        if found is None or not caller.may_have(patient.encode("utf-8", "replace")):
            raise RefusedError(404, "no such workitem for this caller")
        return found

    def _told(self, item: _Workitem) -> Answer:
        """Return a workitem without its lock, which is for its performer only (PS3.18 11.5)."""
        shown: _Attributes = {**item.attributes, _STATE: {"vr": "CS", "Value": [item.state]}}
        if self._flaws.has("web_ups_tells_lock"):
            shown[_LOCK] = {"vr": "UI", "Value": [item.lock]}
        return Answer(status=200, body=json.dumps([shown]).encode(), kind=JSON_TYPE)

    def _change(self, item: _Workitem, given: _Attributes) -> Answer:
        """Change a state as PS3.4 Table CC.1.1-2 has it."""
        wanted, lock = _first(given, _STATE), _first(given, _LOCK)
        locked = self._flaws.has("web_ups_ignores_lock") or (bool(lock) and lock == item.lock)
        if wanted == _IN_PROGRESS:
            again = item.state == _IN_PROGRESS and self._flaws.has("web_ups_claims_again")
            again |= item.state in _FINAL and self._flaws.has("web_ups_reopens")
            if not is_uid(lock.encode("utf-8", "replace")):
                raise RefusedError(400, "no Transaction UID")
            if item.state != _SCHEDULED and not again:
                raise RefusedError(409, "workitem is not scheduled")
        elif wanted not in _FINAL or (not lock and not locked):
            raise RefusedError(400, "no such state, or no Transaction UID")
        elif item.state != _IN_PROGRESS or not locked:
            raise RefusedError(409, "workitem is not in progress for this caller")
        if not self._flaws.has("web_ups_forgets"):
            item.state = wanted
            item.lock = lock if wanted == _IN_PROGRESS else item.lock
        return Answer(status=200)

    def _canceller(self, caller: Caller) -> Caller:
        return Caller("anybody") if self._flaws.has("web_ups_cancels_for_anybody") else caller

    def _cancel(self, item: _Workitem) -> Answer:
        """Cancel what nobody has begun; whoever performs it decides for himself."""
        if item.state in _FINAL:
            raise RefusedError(409, "workitem is at its end")
        if item.state == _SCHEDULED:
            item.state = "CANCELED"
        return Answer(status=202)

    def _subscribe(self, caller: Caller) -> Answer:
        """Subscribe an AE title; a patient has none."""
        if caller.patient is not None and not self._flaws.has("web_ups_subscribes_anybody"):
            raise RefusedError(403, "not for this caller")
        return Answer(status=201)


def _described(request: Request) -> _Attributes:
    """Return the attributes of a body in DICOM JSON: of one object, in a list or not."""
    if len(request.body) > _LONGEST:
        raise RefusedError(413, "workitem too long")
    try:
        given = json.loads(request.body)
    except (ValueError, RecursionError):
        raise RefusedError(400, "no JSON") from None
    if isinstance(given, list) and len(cast("list[JSON]", given)) == 1:
        given = cast("list[JSON]", given)[0]
    if not isinstance(given, dict):
        raise RefusedError(400, "no object")
    return cast("_Attributes", given)


def _first(attributes: _Attributes, tag: str) -> str:
    """Return the first value of an attribute that is text; nothing for any other."""
    found = attributes.get(tag)
    values = found.get("Value") if isinstance(found, dict) else None
    first = values[0] if isinstance(values, list) and values else ""
    return first.strip() if isinstance(first, str) else ""
