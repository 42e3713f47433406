"""The messages of the audit trail as data (PS3.15 A.5), and what is wrong with one that came."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from harness.model import JSON

_ORDER: Final = (
    "EventIdentification",
    "ActiveParticipant",
    "AuditSourceIdentification",
    "ParticipantObjectIdentification",
)
_ZONED: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_FACILITY: Final = 10
_SEVERITIES: Final = (4, 5)
_NAMES: Final = ("DICOM+RFC3881", "IHE+RFC-3881")


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvent:
    """One message of PS3.15 A.5.3.

    Attributes:
        code: Its Event ID (PS3.16 CID 400).
        name: Its name there.
        actions: Action codes that it may have.
        types: Event type codes of which it needs one; empty where it needs none.
        roles: How many participants each role must have at least, by role code.
        objects: ID type codes of objects that it needs one of each of.
    """

    code: str
    name: str
    actions: tuple[str, ...]
    types: tuple[str, ...]
    roles: Mapping[str, int]
    objects: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that is wrong with a message.

    Attributes:
        decides: It was read in the standard's own text.
    """

    text: str
    decides: bool = True


@cache
def events() -> Mapping[str, AuditEvent]:
    """Every message by its Event ID."""
    source = files("harness") / "catalogue" / "audit_events.toml"
    rows: list[dict[str, Any]] = tomllib.loads(source.read_text("utf-8"))["event"]
    return {row["code"]: _event(row) for row in rows}


def problems(message: Mapping[str, JSON]) -> Iterator[Problem]:
    """What is wrong with an ``audited`` observation."""
    yield from _of_header(_mapping(message.get("header")))
    if message.get("problem"):
        yield Problem(text=str(message["problem"]))
        return
    yield from _of_order(message)
    event = _mapping(message.get("event"))
    yield from _of_event(event)
    requestors = [one for one in _rows(message, "participants") if _true(one.get("requestor"))]
    if len(requestors) > 1:
        yield Problem(text=f"{len(requestors)} participants asked for it (A.5.2)")
    if not message.get("source"):
        yield Problem(text="AuditSourceID is missing")
    defined = events().get(str(event.get("code")))
    if defined is not None:
        yield from _of_definition(message, event, defined)


def _of_header(header: Mapping[str, JSON]) -> Iterator[Problem]:
    if header.get("problem"):
        yield Problem(text=f"{header['problem']}")
        return
    priority = header.get("priority")
    facility, severity = divmod(priority if isinstance(priority, int) else 0, 8)
    if facility != _FACILITY:
        yield Problem(text=f"syslog facility {facility}, not {_FACILITY} (A.6)")
    if severity not in _SEVERITIES:
        yield Problem(text=f"syslog severity {severity}", decides=False)
    if header.get("name") in ("", "-"):
        yield Problem(text="MSGID is not set (A.6)")
    elif header.get("name") not in _NAMES:
        yield Problem(text=f"MSGID {header.get('name')!r} is neither's", decides=False)


def _of_order(message: Mapping[str, JSON]) -> Iterator[Problem]:
    children = message.get("children")
    found = [str(child) for child in children] if isinstance(children, list | tuple) else []
    if message.get("root") != "AuditMessage":
        yield Problem(text=f"the root is {message.get('root')!r}, not AuditMessage")
    if unknown := [name for name in found if name not in _ORDER]:
        yield Problem(text=f"element {unknown[0]!r} is none of an audit message")
    known = [_ORDER.index(name) for name in found if name in _ORDER]
    if known != sorted(known):
        yield Problem(text="its parts are not in the order of the schema")
    for name in _ORDER[:3]:
        count = found.count(name)
        if not count or (count > 1 and name != "ActiveParticipant"):
            yield Problem(text=f"{count} {name} (A.5.1)")


def _of_event(event: Mapping[str, JSON]) -> Iterator[Problem]:
    if event.get("dialect"):
        yield Problem(text="codes are named 'code' as in RFC 3881, not 'csd-code'", decides=False)
    if not _ZONED.fullmatch(str(event.get("time"))):
        yield Problem(text=f"EventDateTime {event.get('time')!r} names no time zone (A.5.2)")
    if event.get("outcome") not in ("0", "4", "8", "12"):
        yield Problem(text=f"EventOutcomeIndicator {event.get('outcome')!r}")
    if event.get("code") not in events():
        yield Problem(text=f"Event ID {event.get('code')!r} is none of A.5.3", decides=False)


def _of_definition(
    message: Mapping[str, JSON], event: Mapping[str, JSON], defined: AuditEvent
) -> Iterator[Problem]:
    if event.get("action") not in defined.actions:
        yield Problem(text=f"action {event.get('action')!r} of {defined.name}")
    types = {str(one.get("code")) for one in _rows(event, "types")}
    if defined.types and not types & {*defined.types}:
        yield Problem(text=f"no event type of {defined.name}")
    roles = [str(role) for one in _rows(message, "participants") for role in _list(one, "roles")]
    for role, least in defined.roles.items():
        if roles.count(role) < least:
            yield Problem(text=f"no participant with role {role} in {defined.name}")
    # Of an access that failed the object may be unknown.
    failed = event.get("outcome") != "0"
    kinds = {str(one.get("id_type")) for one in _rows(message, "objects")}
    for kind in defined.objects:
        if kind not in kinds and not failed:
            yield Problem(text=f"no object of type {kind} in {defined.name}")


def _event(row: Mapping[str, Any]) -> AuditEvent:
    return AuditEvent(
        code=row["code"],
        name=row["name"],
        actions=tuple(row["actions"]),
        types=tuple(row.get("types", ())),
        roles=row.get("roles", {}),
        objects=tuple(row.get("objects", ())),
    )


def _true(value: JSON) -> bool:
    return str(value).lower() in ("true", "1")


def _mapping(value: JSON) -> Mapping[str, JSON]:
    return value if isinstance(value, Mapping) else {}


def _list(data: Mapping[str, JSON], key: str) -> list[JSON]:
    value = data.get(key)
    return [*value] if isinstance(value, list | tuple) else []


def _rows(data: Mapping[str, JSON], key: str) -> list[Mapping[str, JSON]]:
    return [one for one in _list(data, key) if isinstance(one, Mapping)]
