"""The XML of audit messages, read without trust in who wrote it."""

import base64

import pytest

from simulators.audit.markup import RefusedError, read, texts, values

BOMB = (
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b"<AuditMessage>&b;</AuditMessage>"
)
OUTSIDE = (
    b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><AuditMessage>&a;</AuditMessage>'
)
QUERY = base64.b64encode(b"what was asked").decode()
MESSAGE = f"""<AuditMessage>
<EventIdentification EventActionCode="E" EventDateTime="2026-01-02T03:04:05Z"
 EventOutcomeIndicator="0"><EventID csd-code="110112" codeSystemName="DCM"/></EventIdentification>
<ActiveParticipant UserID="A" AlternativeUserID="AETITLES=ONE" UserIsRequestor="true"
 NetworkAccessPointID="127.0.0.1"><RoleIDCode csd-code="110153"/></ActiveParticipant>
<AuditSourceIdentification AuditSourceID="S"/>
<ParticipantObjectIdentification ParticipantObjectID="1.2"><ParticipantObjectIDTypeCode code="9"/>
<ParticipantObjectQuery>{QUERY}</ParticipantObjectQuery></ParticipantObjectIdentification>
</AuditMessage>""".encode()


@pytest.mark.parametrize(
    ("octets", "why"),
    [
        (BOMB, "a document type or an entity"),
        (OUTSIDE, "a document type or an entity"),
        (b"", "no element found"),
        (b"<a>", "no element found"),
        (b"<a></b>", "mismatched tag"),
        (b"<a>&none;</a>", "undefined entity"),
        (b"<a>" * 200 + b"</a>" * 200, "more elements"),
        (b"<a>" + b"<b/>" * 5000 + b"</a>", "more elements"),
        (b"<?xml version='1.0' encoding='x-none'?><a/>", "unknown encoding"),
        (b"\xff\xfe\x00", "not well-formed"),
    ],
)
def test_what_no_message_needs_is_refused(octets: bytes, why: str) -> None:
    with pytest.raises(RefusedError, match=why):
        read(octets)


def test_a_message_becomes_values() -> None:
    found = values(read(MESSAGE))
    assert found["children"] == [
        "EventIdentification",
        "ActiveParticipant",
        "AuditSourceIdentification",
        "ParticipantObjectIdentification",
    ]
    event, people, things = found["event"], found["participants"], found["objects"]
    assert isinstance(event, dict)
    assert (event["code"], event["outcome"], event["dialect"]) == ("110112", "0", False)
    assert people == [
        {
            "user": "A",
            "alternative": "AETITLES=ONE",
            "requestor": "true",
            "address": "127.0.0.1",
            "roles": ["110153"],
        }
    ]
    assert isinstance(things, list)
    assert isinstance(things[0], dict)
    assert (things[0]["id"], things[0]["id_type"], things[0]["queried"]) == ("1.2", "9", True)


def test_what_a_query_holds_is_found() -> None:
    assert b"what was asked" in texts(read(MESSAGE))


def test_a_message_of_nothing_has_no_event() -> None:
    assert values(read(b"<x/>"))["event"] is None
