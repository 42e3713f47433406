"""Oracles on the audit trail: is what was done reported, truly, and by nobody else's words.

They read ``expected`` (what we did) and ``audited`` (messages that name something of it).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from harness.audit_events import events, problems
from harness.model import JSON, Finding, Observation, Oracle, Record
from harness.oracles.base import NamedOracle, failed, passed, unseen, warned
from harness.verdict import FailKind, Outcome

_NOTHING_DONE: Final = "nothing was done that had to be reported"
_SKEW_S: Final = 300.0
_FORGED: Final = re.compile(r"FORGED\d{8}")
_TLS_RECORD: Final = "16"
_SOURCE, _DESTINATION = "110153", "110152"

Data = Mapping[str, JSON]


def reports_each() -> Oracle:
    """Each thing that was done is reported, with success or failure as it was.

    PS3.15 A.5.3 asks nobody to send a message each time: the claim of the profile does.
    """

    def judge(record: Record) -> Finding:
        done = list(record.of("expected"))
        if not done:
            return unseen(_NOTHING_DONE)
        for wanted in done:
            if finding := _unreported(record, wanted.data):
                return finding
        return passed(f"{len(done)} of {len(done)} reported", outcome=Outcome.RESPONDED)

    return NamedOracle("reports_each", judge)


def writes_valid_messages() -> Oracle:
    """Messages are syslog and XML as PS3.15 A.5 and A.6 lay down."""

    def judge(record: Record) -> Finding:
        came = list(record.of("audited"))
        if not came:
            return unseen("no message came")
        doubtful = ""
        for message in came:
            for problem in problems(message.data):
                if problem.decides:
                    return failed(FailKind.WRONG_REASON, f"{_named(message)}: {problem.text}")
                doubtful = doubtful or f"{_named(message)}: {problem.text}"
        return warned(doubtful) if doubtful else passed(f"{len(came)} messages are valid")

    return NamedOracle("writes_valid_messages", judge)


def names_who_it_was() -> Oracle:
    """A message names the caller, his address, the patient and the study as they were."""

    def judge(record: Record) -> Finding:
        done = list(record.of("expected"))
        if not done:
            return unseen(_NOTHING_DONE)
        for wanted in done:
            if finding := _unreported(record, wanted.data):
                return finding
            said = [_untruth(one.data, wanted.data) for one in _answers(record, wanted.data)]
            if all(said):
                return failed(FailKind.WRONG_REASON, f"{wanted.data['what']}: {said[0]}")
        return passed(f"{len(done)} reports are true", outcome=Outcome.RESPONDED)

    return NamedOracle("names_who_it_was", judge)


def keeps_texts_apart() -> Oracle:
    """Text of a peer breaks no message, adds nothing to one, and makes none of its own."""

    def judge(record: Record) -> Finding:
        for message in record.of("audited"):
            header = message.data.get("header")
            broken = header.get("problem") if isinstance(header, Mapping) else ""
            why = message.data.get("problem") or broken or _forgery(message.data, record)
            if why:
                return failed(FailKind.LEAK, f"{_named(message)}: {why}")
        return passed("our text stays text")

    return NamedOracle("keeps_texts_apart", judge)


def tells_the_time() -> Oracle:
    """The time of an event names its zone, and is the time at which it was."""

    def judge(record: Record) -> Finding:
        came = [one for one in record.of("audited") if isinstance(one.data.get("event"), Mapping)]
        if not came:
            return unseen("no message came")
        now = record.last("clock")
        for message in came:
            event = message.data["event"]
            assert isinstance(event, Mapping)
            at = _time(str(event.get("time")))
            if at is None or at.tzinfo is None:
                return failed(FailKind.WRONG_REASON, f"no time zone in {event.get('time')!r}")
            ours = _time(str(now.data.get("utc"))) if now else None
            if ours is not None and abs((at - ours).total_seconds()) > _SKEW_S:
                return warned(f"the event was at {event.get('time')}, by our clock {ours}")
        return passed(f"{len(came)} times name their zone")

    return NamedOracle("tells_the_time", judge)


def tells_no_stranger() -> Oracle:
    """No message goes to a repository that is not the one that is trusted (``impostor``)."""

    def judge(record: Record) -> Finding:
        seen = record.last("impostor")
        if seen is None:
            return unseen("nobody played another repository")
        told, plain = seen.data.get("messages"), seen.data.get("plain")
        if told or plain:
            words = f"{told} message(s) to a repository of no trust, {plain} in clear"
            return failed(FailKind.LEAK, words)
        if not seen.data.get("turned_away"):
            return unseen("the device did not call the other repository")
        return passed("the device turned away", outcome=Outcome.REJECTED)

    return NamedOracle("tells_no_stranger", judge, refusal=True)


def keeps_secrets_to_itself() -> Oracle:
    """No secret of ours stands in the device's log or its audit trail (``secrets``)."""

    def judge(record: Record) -> Finding:
        seen = list(record.of("secrets"))
        if not any(one.data.get("readable") for one in seen):
            return unseen("the log was not observed: let the harness start the device ([process])")
        for one in seen:
            if one.data.get("found"):
                words = f"{one.data['what']} stands in the {one.data['where']}"
                return failed(FailKind.LEAK, words)
        return passed(f"looked for in {len(seen)} places")

    return NamedOracle("keeps_secrets_to_itself", judge)


def _unreported(record: Record, wanted: Data) -> Finding | None:
    """Why something that was done counts as not reported."""
    about = [one for one in record.of("audited") if _is_about(one.data, wanted)]
    name = events()[str(wanted["code"])].name
    if not about:
        waited = record.number("audit_wait_s", 0.0)
        return failed(FailKind.LOSS, f"no {name} within {waited:g} s of a {wanted['what']}")
    if not _answers(record, wanted):
        said = "success" if wanted["failed"] else "failure"
        return failed(FailKind.WRONG_REASON, f"{wanted['what']} is reported as a {said}")
    return None


def _answers(record: Record, wanted: Data) -> list[Observation]:
    """Messages about what was done that have the right outcome and type."""
    return [
        one
        for one in record.of("audited")
        if _is_about(one.data, wanted)
        and wanted["failed"] in (None, _event(one.data).get("outcome") != "0")
    ]


def _is_about(message: Data, wanted: Data) -> bool:
    event = _event(message)
    keys, names = _words(wanted, "keys"), _words(message, "names")
    types = {str(one.get("code")) for one in _rows(event, "types")}
    kind = str(wanted.get("kind") or "")
    named = not keys or bool({*keys} & {*names})
    return event.get("code") == wanted["code"] and named and (not kind or kind in types)


def _untruth(message: Data, wanted: Data) -> str:
    """What a message says that was not so; empty where all of it was."""
    people = _rows(message, "participants")
    for role, key in ((_SOURCE, "caller"), (_DESTINATION, "taker")):
        title = str(wanted.get(key) or "")
        acting = [one for one in people if title and _is_titled(one, title)]
        if title and not acting:
            return f"no participant is {title}"
        if title and not any(role in _words(one, "roles") for one in acting):
            return f"{title} has another role than {role}"
    address = str(wanted.get("address") or "")
    if address and address not in {str(one.get("address")) for one in people}:
        return f"no participant is at {address}"
    objects = {str(one.get("id")) for one in _rows(message, "objects")}
    for key in ("patient", "study"):
        if wanted.get(key) and str(wanted[key]) not in objects:
            return f"the {key} is not {wanted[key]}"
    return ""


def _is_titled(participant: Data, title: str) -> bool:
    """True where a participant is that AE (PS3.15 A.5.2: ``AETITLES=ONE;TWO``)."""
    titles = str(participant.get("alternative")).removeprefix("AETITLES=").split(";")
    return title in (*titles, str(participant.get("user")))


def _forgery(message: Data, record: Record) -> str:
    """What a message holds that only our text can have put there."""
    header = message.get("header")
    if isinstance(header, Mapping) and _FORGED.search(str(header.get("application"))):
        return "a message of our own making"
    people = [str(one.get("user")) for one in _rows(message, "participants")]
    told = [str(one.data.get("keys")) for one in record.of("expected")]
    sent = {str(one.data.get("patient") or "") for one in record.of("expected")}
    objects = [str(one.get("id")) for one in _rows(message, "objects")]
    for value in (*people, *objects):
        mark = _FORGED.search(value)
        if mark and value not in sent and not any(value in one for one in told):
            return f"our text became {value[:60]!r}"
    return ""


def _named(message: Observation) -> str:
    code = str(_event(message.data).get("code"))
    known = events().get(code)
    return f"message {message.data.get('number')} ({known.name if known else 'unknown'})"


def _time(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _event(message: Data) -> Data:
    event = message.get("event")
    return event if isinstance(event, Mapping) else {}


def _words(data: Data, key: str) -> list[str]:
    value = data.get(key)
    return [str(one) for one in value] if isinstance(value, list | tuple) else []


def _rows(data: Data, key: str) -> list[Data]:
    value = data.get(key)
    listed = value if isinstance(value, list | tuple) else []
    return [one for one in listed if isinstance(one, Mapping)]
