"""Audit messages as the device writes them (PS3.15 A.5): XML behind a syslog header (RFC 5424).

Loaded by a device that was told where its audit repository is.
"""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from simulators.devices.reference.flaws import Flaws

SUCCESS, MINOR, SERIOUS = 0, 4, 8
_PRIORITY = 10 * 8 + 5
_NAME = "DICOM+RFC3881"
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPES = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\r": "&#13;"}
)


@dataclass(frozen=True, slots=True)
class Code:
    """A coded value; of DICOM unless it says otherwise."""

    code: str
    meaning: str
    system: str = "DCM"


APPLICATION = Code("110150", "Application")
DESTINATION = Code("110152", "Destination Role ID")
SOURCE = Code("110153", "Source Role ID")
STUDY = Code("110180", "Study Instance UID")
QUERIED_CLASS = Code("110181", "SOP Class UID")
NODE = Code("110182", "Node ID")
PATIENT_NUMBER = Code("2", "Patient Number", "RFC-3881")


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """Who took part: an AE or a person, where from, and as what."""

    user: str
    title: str = ""
    requestor: bool = False
    address: str = ""
    roles: tuple[Code, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """What it was done to; ``kind`` and ``role`` are codes of PS3.15 A.5.1."""

    key: str
    kind: str
    role: str
    key_type: Code
    name: str = ""
    query: bytes | None = None
    detail: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event, with everybody and everything in it."""

    code: Code
    action: str
    outcome: int = SUCCESS
    kind: Code | None = None
    participants: tuple[Participant, ...] = ()
    things: tuple[Thing, ...] = ()


class Writer:
    """Writes events as messages of one device."""

    def __init__(self, source: str, flaws: Flaws) -> None:
        self._source = source
        self._flaws = flaws
        self._escape = _as_it_is if flaws.has("audit_unescaped") else _escaped

    def message(self, event: Event) -> bytes:
        """Return the syslog message of an event."""
        now = datetime.now(UTC)
        head = f"<{_PRIORITY}>1 {now.isoformat()} {self._source} reference {os.getpid()} {_NAME} - "
        return (head + self._document(event, now)).encode("utf-8", "replace")

    def _document(self, event: Event, now: datetime) -> str:
        if self._flaws.has("audit_time_without_zone"):
            now = now.replace(tzinfo=None)
        if self._flaws.has("audit_outcome_always_success"):
            event = replace(event, outcome=SUCCESS)
        head = self._tag(
            "EventIdentification",
            _coded("EventID", event.code) + (_coded("EventTypeCode", event.kind)),
            EventActionCode=event.action,
            EventDateTime=now.isoformat(),
            EventOutcomeIndicator=str(event.outcome),
        )
        people = map(self._participant, event.participants)
        source = self._tag("AuditSourceIdentification", "", AuditSourceID=self._source)
        things = map(self._thing, event.things)
        return (
            '<?xml version="1.0" encoding="UTF-8"?><AuditMessage>'
            f"{head}{''.join(people)}{source}{''.join(things)}</AuditMessage>"
        )

    def _participant(self, one: Participant) -> str:
        attributes = {"UserID": one.user, "UserIsRequestor": str(one.requestor).lower()}
        if one.title:
            attributes["AlternativeUserID"] = f"AETITLES={one.title}"
        if one.address:
            attributes |= {"NetworkAccessPointID": one.address, "NetworkAccessPointTypeCode": "2"}
        roles = "".join(_coded("RoleIDCode", role) for role in one.roles)
        return self._tag("ActiveParticipant", roles, **attributes)

    def _thing(self, one: Thing) -> str:
        inner = _coded("ParticipantObjectIDTypeCode", one.key_type)
        if one.query is not None:
            query = base64.b64encode(one.query).decode("ascii")
            inner += f"<ParticipantObjectQuery>{query}</ParticipantObjectQuery>"
        elif one.name:
            inner += f"<ParticipantObjectName>{self._escape(one.name)}</ParticipantObjectName>"
        if one.detail[0]:
            value = base64.b64encode(one.detail[1].encode()).decode("ascii")
            inner += f'<ParticipantObjectDetail type="{one.detail[0]}" value="{value}"/>'
        return self._tag(
            "ParticipantObjectIdentification",
            inner,
            ParticipantObjectID=one.key,
            ParticipantObjectTypeCode=one.kind,
            ParticipantObjectTypeCodeRole=one.role,
        )

    def _tag(self, name: str, inner: str, **attributes: str) -> str:
        told = "".join(f' {key}="{self._escape(value)}"' for key, value in attributes.items())
        return f"<{name}{told}>{inner}</{name}>"


def aes(title: str, *, address: str, roles: Sequence[Code], requestor: bool) -> Participant:
    """Return an application entity that took part."""
    return Participant(
        user=title or "unknown",
        title=title,
        requestor=requestor,
        address=address,
        roles=tuple(roles),
    )


def _coded(name: str, code: Code | None) -> str:
    if code is None:
        return ""
    return (
        f'<{name} csd-code="{code.code}" codeSystemName="{code.system}" '
        f'originalText="{code.meaning}"/>'
    )


def _escaped(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text).translate(_ESCAPES)


def _as_it_is(text: str) -> str:
    return text
