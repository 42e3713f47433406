"""Answers in an honest frame whose content lies: multipart bodies, JSON and objects."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from harness.stage import Stage
from simulators.objects import part10, uid
from simulators.origin import honest
from simulators.origin.exchange import Message, Reply
from simulators.web import multipart
from simulators.web.documents import nested
from simulators.web.multipart import Part

_PAGE: Final = b"<!DOCTYPE html><title>Sign in</title><p>Please sign in to go on.</p>\n"
_MANY: Final = 20_000
_DEEP: Final = 2_000
_LONG: Final = 16 << 20
_NESTED: Final = 50_000
_DIGITS: Final = 100_000
_ESCAPES: Final = "\x1b]0;ASSAY\x07\x1b[2J^\x9b31m"


def page() -> Mapping[str, Message]:
    """Pages where an instance was asked for, by how they are labelled."""
    return {
        "a page": Message(kind="text/html", body=_PAGE),
        "a page that says it is DICOM": honest.packed([Part(content=_PAGE)]),
    }


MALFORMED_PARTS: Final[Mapping[str, Callable[[Stage], Message]]] = {
    "no boundary": lambda stage: replace(
        honest.instance(stage), kind=multipart.content_type(boundary=None)
    ),
    "another boundary": lambda stage: replace(
        honest.instance(stage), kind=multipart.content_type(boundary="another")
    ),
    "no last delimiter": lambda stage: _cut_off(honest.instance(stage)),
    "nothing in it": lambda _stage: honest.packed([]),
    "an empty part": lambda _stage: honest.packed([Part(content=b"")]),
}
"""Multipart answers that hold no whole object, by what is wrong with them."""


def _cut_off(message: Message) -> Message:
    """A multipart answer that ends within its part, in a frame that is whole."""
    return replace(message, body=message.body[: len(message.body) * 2 // 3])


EXCESSIVE_PARTS: Final[Mapping[str, Callable[[], Message]]] = {
    "parts in number": lambda: honest.packed([Part(content=b"DICM")] * _MANY),
    "parts in parts": lambda: Message(kind=honest.PARTS, body=nested(_DEEP)),
    "a header without end": lambda: honest.packed(
        [Part(content=b"DICM", fields=b"X-Long: " + b"a" * _LONG + b"\r\n")]
    ),
}
"""Multipart answers that are too much, by what there is too much of."""

MALFORMED_JSON: Final[Mapping[str, Callable[[Stage], bytes]]] = {
    "nested": lambda stage: _nested(stage),
    "no list": lambda stage: json.dumps(honest.match(stage)).encode(),
    "members that are none": lambda _stage: b'[null, 1, "two", [[]], {}]',
    "values of another kind": lambda stage: _miscast(stage),
    "a number of many digits": lambda stage: _with(stage, "00201206", b"1" * _DIGITS),
    "no UTF-8": lambda stage: _with(stage, "00081030", b'"\xff\xfe\xc0\x80"'),
    "cut off": lambda stage: honest.found(stage).body[:-9],
}
"""Search answers that are no list of matches, by what is wrong with them."""


def _nested(stage: Stage) -> bytes:
    """A match with sequences in sequences; written by hand, because encoders stop early."""
    opening = b'{"0040A730":{"vr":"SQ","Value":['
    honestly = json.dumps(honest.match(stage)).encode()
    return (
        b"[" + honestly[:-1] + b"," + opening[1:] + opening * _NESTED + b"]}}" * _NESTED + b"]}}]"
    )


def _miscast(stage: Stage) -> bytes:
    """A match whose attributes are texts, numbers and null instead of objects and lists."""
    wrong: tuple[object, ...] = (None, 7, "text", [], {"vr": 3}, {"vr": "UI", "Value": {"0": None}})
    names = sorted(honest.match(stage))
    return json.dumps([dict(zip(names, wrong * 2, strict=False))]).encode()


def _with(stage: Stage, tag: str, raw: bytes) -> bytes:
    """A match with one more value, as it stands."""
    row = json.dumps(honest.match(stage)).encode()
    return b"[%b,%b]" % (row[:-1], b'"%b":{"vr":"LO","Value":[%b]}}' % (tag.encode(), raw))


def other_objects(stage: Stage) -> Mapping[str, bytes]:
    """Objects that nobody asked for, by what they are."""
    other = uid(stage, 9)
    return {
        "another instance": part10(stage, 7),
        "an instance of another study": part10(
            stage, StudyInstanceUID=other, PatientID="OTHER", PatientName="SYNTHETIC^OTHER"
        ),
    }


def named(stage: Stage, how: str, name: str) -> Message:
    """The instance with a name for whoever takes names from answers."""
    quoted = name.encode()
    if how == "UID":
        stand_in = "1" * len(name)  # pydicom would complain of the name
        content = part10(stage, SOPInstanceUID=stand_in).replace(stand_in.encode(), quoted)
        return honest.packed([Part(content=content)])
    fields = {
        "Content-Disposition": b'Content-Disposition: attachment; filename="%b"\r\n' % quoted,
        "Content-Location": b"Content-Location: %b\r\n" % quoted,
    }
    return honest.packed([Part(content=part10(stage), fields=fields[how])])


def with_escapes(stage: Stage) -> Reply:
    """A match whose texts command a terminal."""
    message = honest.found(stage, PatientName=f"SYNTHETIC{_ESCAPES}", AccessionNumber="\x1b[8mA")
    return Reply(pieces=[message.framed()], lie="match.texts")


def with_addresses(stage: Stage, url: str, how: str) -> Reply:
    """A match that names an address: its own (PS3.18 10.6.3), or that of a value (PS3.18 F.2.2)."""
    row = honest.match(stage)
    if how == "RetrieveURL":
        row["00081190"] = {"vr": "UR", "Value": [f"{url}/studies/{uid(stage, 2)}"]}
    else:
        row["7FE00010"] = {"vr": "OB", "BulkDataURI": f"{url}/studies/{uid(stage, 2)}/bulk"}
    message = Message(body=json.dumps([row]).encode())
    return Reply(pieces=[message.framed()], lie="match.address")


def failing_stores(stage: Stage) -> Mapping[str, Message]:
    """Answers to a store request that do not say that the object was stored, by what they say."""
    said = honest.said_of_storing
    failed = json.dumps(said(stage, failed=0xA700)).encode()
    other = json.dumps(said(stage, instance=uid(stage, 1, 9))).encode()
    return {
        "409 and a failure": Message(status=409, body=failed),
        "202 and a failure": Message(status=202, body=failed),
        "200 and a failure": Message(body=failed),
        "200 and another object": Message(body=other),
    }


def refusals(stage: Stage) -> Mapping[str, Message]:
    """Answers that say that there is nothing, with an instance all the same."""
    whole = honest.instance(stage)
    asks = {"WWW-Authenticate": 'Basic realm="archive"'}
    return {
        "401": replace(whole, status=401, fields=asks),
        "404": replace(whole, status=404),
        "500": replace(whole, status=500),
        "206": replace(whole, status=206, fields={"Content-Range": f"bytes 0-9/{len(whole.body)}"}),
    }
