"""Oracles on the audit trail: presence, form, truth, text, and who is told."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from harness.audit_events import events
from harness.model import JSON, Observation
from harness.oracles.audit import (
    keeps_secrets_to_itself,
    keeps_texts_apart,
    names_who_it_was,
    reports_each,
    tells_no_stranger,
    tells_the_time,
    writes_valid_messages,
)
from tests.harness.fakes import a_record, seen
from tests.harness.oracles.table import LEAK, LOSS, PASS, UNSEEN, WARN, WRONG, Row, check

STUDY, PATIENT = "1.2.3", "P1"
HEADER: Mapping[str, JSON] = {"problem": "", "priority": 85, "name": "DICOM+RFC3881"}
EVENT: Mapping[str, JSON] = {
    "code": "110104",
    "dialect": False,
    "action": "C",
    "time": "2026-01-02T03:04:05.6+01:00",
    "outcome": "0",
    "types": [],
}
CHILDREN = [
    "EventIdentification",
    "ActiveParticipant",
    "ActiveParticipant",
    "AuditSourceIdentification",
    "ParticipantObjectIdentification",
    "ParticipantObjectIdentification",
]


def who(title: str, role: str, address: str = "10.0.0.1", asked: str = "false") -> JSON:
    return {
        "user": "process", "alternative": f"AETITLES=X;{title}", "requestor": asked,
        "address": address, "roles": [role],
    }  # fmt: skip


def what(key: str, kind: str) -> JSON:
    return {"id": key, "id_type": kind}


def message(event: Mapping[str, JSON] | None = None, **changes: JSON) -> Observation:
    data: dict[str, JSON] = {
        "number": 0,
        "header": HEADER,
        "problem": "",
        "root": "AuditMessage",
        "children": [*CHILDREN],
        "event": {**EVENT, **(event or {})},
        "participants": [who("ASSAY", "110153", asked="true"), who("ARCHIVE", "110152")],
        "source": "ARCHIVE",
        "objects": [what(STUDY, "110180"), what(PATIENT, "2")],
        "names": [STUDY],
        **changes,
    }
    return seen("audited", "repository", **data)


def done(**changes: JSON) -> Observation:
    data: dict[str, JSON] = {
        "what": "C-STORE by ASSAY",
        "code": "110104",
        "keys": [STUDY],
        "kind": "",
        "failed": False,
        "caller": "ASSAY",
        "patient": PATIENT,
        "study": STUDY,
        "address": "10.0.0.1",
        **changes,
    }
    return seen("expected", "attacker", **data)


REFUSED = done(code="110113", kind="110126", failed=True, keys=["X1"], what="call by X1")
ALERT: Mapping[str, JSON] = {
    "code": "110113", "action": "E", "outcome": "4", "types": [{"code": "110126"}]
}  # fmt: skip
FORGED = "FORGED12345678"

REPORTED = [
    Row(reports_each(), a_record(), UNSEEN),
    Row(reports_each(), a_record(done()), LOSS, "no DICOM Instances Transferred"),
    Row(reports_each(), a_record(done(), message()), PASS),
    Row(reports_each(), a_record(done(), message(names=[])), LOSS),
    Row(reports_each(), a_record(done(), message({"outcome": "8"})), WRONG, "as a failure"),
    Row(reports_each(), a_record(REFUSED), LOSS, "no Security Alert"),
    Row(reports_each(), a_record(REFUSED, message(ALERT, names=["X1"])), PASS),
    Row(
        reports_each(),
        a_record(REFUSED, message({**ALERT, "outcome": "0"}, names=["X1"])),
        WRONG,
        "as a success",
    ),
    Row(reports_each(), a_record(REFUSED, message({**ALERT, "types": []}, names=["X1"])), LOSS),
    Row(reports_each(), a_record(done(), seen("audited", problem="x", names=[STUDY])), LOSS),
]
VALID = [
    Row(writes_valid_messages(), a_record(), UNSEEN),
    Row(writes_valid_messages(), a_record(message()), PASS),
    Row(writes_valid_messages(), a_record(message(problem="not well-formed")), WRONG),
    Row(writes_valid_messages(), a_record(message({"time": "2026-01-02T03:04:05"})), WRONG, "zone"),
    Row(writes_valid_messages(), a_record(message({"outcome": "1"})), WRONG, "Outcome"),
    Row(writes_valid_messages(), a_record(message({"action": "D"})), WRONG, "action 'D'"),
    Row(writes_valid_messages(), a_record(message({"dialect": True})), WARN, "RFC 3881"),
    Row(writes_valid_messages(), a_record(message({"code": "1"})), WARN, "none of A.5.3"),
    Row(writes_valid_messages(), a_record(message(source=None)), WRONG, "AuditSourceID"),
    Row(writes_valid_messages(), a_record(message(root="x")), WRONG, "the root"),
    Row(writes_valid_messages(), a_record(message(children=CHILDREN[::-1])), WRONG, "order"),
    Row(writes_valid_messages(), a_record(message(children=["x", *CHILDREN])), WRONG, "'x'"),
    Row(writes_valid_messages(), a_record(message(children=CHILDREN[:3])), WRONG, "0 AuditSource"),
    Row(writes_valid_messages(), a_record(message(participants=[])), WRONG, "no participant"),
    Row(writes_valid_messages(), a_record(message(objects=[])), WRONG, "no object"),
    Row(
        writes_valid_messages(),
        a_record(message(header={**HEADER, "priority": 13})),
        WRONG,
        "facility 1",
    ),
    Row(
        writes_valid_messages(), a_record(message(header={**HEADER, "priority": 86})), WARN, "sever"
    ),
    Row(writes_valid_messages(), a_record(message(header={**HEADER, "name": "-"})), WRONG, "MSGID"),
    Row(writes_valid_messages(), a_record(message(header={**HEADER, "name": "X"})), WARN, "MSGID"),
    Row(writes_valid_messages(), a_record(message(header={"problem": "no header"})), WRONG),
]
TWO = [who("ASSAY", "110153", asked="true"), who("B", "110152", asked="1")]
VALID.append(Row(writes_valid_messages(), a_record(message(participants=TWO)), WRONG, "asked"))
TRUE = [
    Row(names_who_it_was(), a_record(), UNSEEN),
    Row(names_who_it_was(), a_record(done()), LOSS),
    Row(names_who_it_was(), a_record(done(), message()), PASS),
    Row(names_who_it_was(), a_record(done(caller="OTHER"), message()), WRONG, "is OTHER"),
    Row(names_who_it_was(), a_record(done(caller="ARCHIVE"), message()), WRONG, "another role"),
    Row(names_who_it_was(), a_record(done(address="10.0.0.9"), message()), WRONG, "10.0.0.9"),
    Row(names_who_it_was(), a_record(done(patient="P2"), message()), WRONG, "the patient is not"),
    Row(names_who_it_was(), a_record(done(caller="", taker="ARCHIVE"), message()), PASS),
]
APART = [
    Row(keeps_texts_apart(), a_record(done(), message()), PASS),
    Row(keeps_texts_apart(), a_record(message(problem="mismatched tag")), LEAK, "mismatched"),
    Row(keeps_texts_apart(), a_record(message(header={"problem": "no header"})), LEAK),
    Row(keeps_texts_apart(), a_record(message(objects=[what(FORGED, "2")])), LEAK, "our text"),
    Row(
        keeps_texts_apart(),
        a_record(done(patient=f'{FORGED}" x="'), message(objects=[what(f'{FORGED}" x="', "2")])),
        PASS,
    ),
    Row(
        keeps_texts_apart(),
        a_record(message(header={**HEADER, "application": FORGED})),
        LEAK,
        "of our own",
    ),
]
OTHERS = [
    Row(tells_the_time(), a_record(), UNSEEN),
    Row(tells_the_time(), a_record(message({"time": "yesterday"})), WRONG),
    Row(tells_the_time(), a_record(message({"time": "2026-01-02T03:04:05"})), WRONG),
    Row(
        tells_the_time(),
        a_record(message(), seen("clock", "repository", utc="2026-01-02T02:04:07+00:00")),
        PASS,
    ),
    Row(
        tells_the_time(),
        a_record(message(), seen("clock", "repository", utc="2026-01-03T02:04:07+00:00")),
        WARN,
    ),
    Row(tells_no_stranger(), a_record(), UNSEEN),
    Row(tells_no_stranger(), a_record(seen("impostor", messages=0, plain=0)), UNSEEN),
    Row(tells_no_stranger(), a_record(seen("impostor", messages=0, plain=0, turned_away=1)), PASS),
    Row(tells_no_stranger(), a_record(seen("impostor", messages=1, plain=0)), LEAK),
    Row(tells_no_stranger(), a_record(seen("impostor", messages=0, plain=2)), LEAK, "2 in clear"),
    Row(keeps_secrets_to_itself(), a_record(), UNSEEN),
    Row(keeps_secrets_to_itself(), a_record(seen("secrets", readable=False)), UNSEEN),
    Row(keeps_secrets_to_itself(), a_record(seen("secrets", readable=True, found=0)), PASS),
    Row(
        keeps_secrets_to_itself(),
        a_record(seen("secrets", readable=True, found=1, what="a secret", where="log")),
        LEAK,
        "a secret stands in the log",
    ),
]


@pytest.mark.parametrize("row", [*REPORTED, *VALID, *TRUE, *APART, *OTHERS], ids=str)
def test_audit(row: Row) -> None:
    check(row)


def test_every_message_of_the_standard_is_known() -> None:
    assert [*events()] == [str(code) for code in range(110100, 110115)]
