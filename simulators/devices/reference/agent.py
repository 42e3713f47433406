"""The device as a user agent of DICOMweb (PS3.18): it asks, checks what it is answered, and tells.

An answer is believed only as far as it was asked for: the status, the media type, the object. It
succeeds aloud, or says why not and ends with 1.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

from simulators.devices.reference.agent_http import AgentLimits, Answer, Call, Caller
from simulators.devices.reference.errors import RefusedError
from simulators.devices.reference.file_format import safe_name
from simulators.devices.reference.flaws import NO_FLAWS, Flaws
from simulators.devices.reference.readable import text_of
from simulators.devices.reference.reader import Reader
from simulators.devices.reference.scanner import DataSetError
from simulators.devices.reference.web_message import RefusedError as PartRefusedError
from simulators.devices.reference.web_message import WebLimits
from simulators.devices.reference.web_multipart import Unpacker, media_type

DONE, FAILED = 0, 1
JSON_KIND: Final = "application/dicom+json"
DICOM_KIND: Final = "application/dicom"
PARTS_KIND: Final = 'multipart/related; type="application/dicom"'
STUDY, NAME = "0020000D", "00100010"
FAILURES, KEPT, INSTANCE = "00081198", "00081199", "00081155"

_BOUNDARY: Final = "reference-user-agent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """What the user wants.

    Attributes:
        service: "search", "retrieve" or "store".
        url: Base URL of the server.
        token: Bearer token for it; nothing shows none.
        study: Study Instance UID of what is retrieved; likewise the next two.
        file: What is stored.
        out: Where what is retrieved is written.
    """

    service: str
    url: str
    token: str = ""
    study: str = ""
    series: str = ""
    instance: str = ""
    file: Path | None = None
    out: Path | None = None


class Agent:
    """Does errands; a flawed one overrides what it does worse."""

    def __init__(self, errand: Errand, caller: Caller) -> None:
        self.errand = errand
        self.caller = caller
        self.limits = caller.limits

    def run(self) -> list[str]:
        """Do the errand; return what there is to tell.

        Raises:
            RefusedError, PartRefusedError, DataSetError: The answer is not what was asked for.
            OSError: The server cannot be asked, or a file not be read or written.
        """
        services = {"search": self.search, "retrieve": self.retrieve, "store": self.store}
        return services[self.errand.service]()

    def search(self) -> list[str]:
        """Search for all studies (PS3.18 10.6)."""
        call = Call(url=f"{self.errand.url}/studies", fields={"Accept": JSON_KIND})
        answer = self.asked(call)
        if answer.status == 204:
            return ["done: no match"]
        self.check(answer, (200,), JSON_KIND, "application/json")
        matches = self.matches(answer.body)
        return [*self.told(matches), f"done: {len(matches)} match(es)"]

    def retrieve(self) -> list[str]:
        """Retrieve one instance (PS3.18 10.4) and write it."""
        wanted = self.errand
        where = f"studies/{wanted.study}/series/{wanted.series}/instances/{wanted.instance}"
        call = Call(url=f"{wanted.url}/{where}", fields={"Accept": PARTS_KIND})
        answer = self.asked(call)
        self.check(answer, (200,), "multipart/related")
        content = self.one_part(answer)
        self.check_object(content)
        self.write(content, answer)
        return [f"done: {len(content)} octets"]

    def store(self) -> list[str]:
        """Store one file (PS3.18 10.5)."""
        assert self.errand.file is not None
        content = self.errand.file.read_bytes()
        call = Call(
            url=f"{self.errand.url}/studies",
            method="POST",
            fields={
                "Accept": JSON_KIND,
                "Content-Type": f"{PARTS_KIND}; boundary={_BOUNDARY}",
            },
            body=self.packed(content),
        )
        answer = self.asked(call)
        self.check(answer, (200,), JSON_KIND, "application/json")
        self.check_stored(answer, Reader(None, NO_FLAWS).open(self.errand.file).instance.decode())
        return ["done: stored"]

    def packed(self, content: bytes) -> bytes:
        """Return the body of a store request."""
        head = f"--{_BOUNDARY}\r\nContent-Type: {DICOM_KIND}\r\n\r\n".encode()
        return head + content + f"\r\n--{_BOUNDARY}--\r\n".encode()

    def asked(self, call: Call) -> Answer:
        """Return the answer to a call."""
        return self.caller.ask(call)

    def check(self, answer: Answer, statuses: Sequence[int], *kinds: str) -> None:
        """Refuse another status or media type than those."""
        if answer.status not in statuses:
            raise RefusedError(f"HTTP {answer.status}")
        if media_type(answer.kind).kind not in kinds:
            raise RefusedError("the answer is of another media type")

    def one_part(self, answer: Answer) -> bytes:
        """Return the one object of a multipart answer."""
        parts = [*Unpacker(WebLimits(), NO_FLAWS).parts(media_type(answer.kind), answer.body)]
        if len(parts) != 1 or parts[0].media.kind != DICOM_KIND:
            raise RefusedError("not one object, as was asked for")
        return parts[0].body

    def check_object(self, content: bytes) -> None:
        """Refuse an object other than the one that was asked for."""
        reader = Reader(None, NO_FLAWS)
        meta, begin = reader.meta(content)
        elements = reader.data_set(content[begin:], meta[0x10])
        for tag, uid in (
            (0x00080018, self.errand.instance),
            (0x0020000D, self.errand.study),
            (0x0020000E, self.errand.series),
        ):
            if tag not in elements or elements[tag].value.rstrip(b"\0 ") != uid.encode():
                raise RefusedError("another object than was asked for")

    def write(self, content: bytes, answer: Answer) -> None:
        """Write the object under the name that it was asked for by."""
        del answer
        if self.errand.out is not None:
            name = safe_name(self.errand.instance.encode())
            (self.errand.out / f"{name}.dcm").write_bytes(content)

    def matches(self, body: bytes) -> list[Mapping[str, object]]:
        """Return the matches of a search; refuses what is none."""
        found = self.parsed(body)
        if not isinstance(found, list) or len(found) > self.limits.matches:
            raise RefusedError("no list of matches, or too many")
        rows = [cast("Mapping[str, object]", row) for row in found if isinstance(row, dict)]
        if len(rows) < len(found) or not all(uid_of(row, STUDY) for row in rows):
            raise RefusedError("a match that names no study")
        return rows

    def parsed(self, body: bytes) -> object:
        """Return what a JSON text says, unless it is nested too deep to be honest."""
        depth = deepest = 0
        for octet in body:
            depth += (octet in b"[{") - (octet in b"]}")
            deepest = max(deepest, depth)
        if deepest > self.limits.depth:
            raise RefusedError("JSON nested too deep")
        try:
            return cast("object", json.loads(body, parse_constant=_refuse))
        except ValueError:
            raise RefusedError("no JSON") from None

    def told(self, matches: Sequence[Mapping[str, object]]) -> list[str]:
        """Return what a person wants to know of matches, as plain text."""
        return [f"{self.shown(uid_of(row, STUDY))} {self.shown(name_of(row))}" for row in matches]

    def shown(self, text: str) -> str:
        """Return a text without anything that a terminal obeys."""
        return text_of(text.encode("utf-8", "replace"), b"ISO_IR 192")

    def check_stored(self, answer: Answer, instance: str) -> None:
        """Refuse an answer that does not list the object as stored."""
        said = self.parsed(answer.body)
        if not isinstance(said, dict) or said.get(FAILURES):
            raise RefusedError("the server did not store the object")
        kept = [uid_of(row, INSTANCE) for row in rows_of(cast("Mapping[str, object]", said), KEPT)]
        if kept != [instance]:
            raise RefusedError("the server does not say that it stored the object")


def run_errand(errand: Errand, flaws: Flaws) -> int:
    """Do one errand aloud; return the exit code."""
    if flaws.names:
        # A sound agent never loads the flaws.
        from simulators.devices.reference.agent_flaws import flawed_agent

        agent = flawed_agent(errand, flaws)
    else:
        agent = Agent(errand, Caller(errand.token, AgentLimits()))
    try:
        lines = agent.run()
    except (RefusedError, PartRefusedError, DataSetError) as error:
        sys.stderr.write(f"failed: {text_of(str(error).encode(), b'')}\n")
        return FAILED
    except OSError as error:
        sys.stderr.write(f"failed: {error.strerror or 'no answer in time'}\n")
        return FAILED
    sys.stdout.write("\n".join([*lines, ""]))
    return DONE


def rows_of(row: Mapping[str, object], tag: str) -> list[Mapping[str, object]]:
    """Return the values of an attribute in JSON that are objects."""
    attribute = row.get(tag)
    values = cast("object", attribute.get("Value")) if isinstance(attribute, dict) else None
    found = cast("list[object]", values) if isinstance(values, list) else []
    return [cast("Mapping[str, object]", one) for one in found if isinstance(one, dict)]


def uid_of(row: Mapping[str, object], tag: str) -> str:
    """Return the one text of an attribute in JSON; nothing where there is none."""
    attribute = row.get(tag)
    values = cast("object", attribute.get("Value")) if isinstance(attribute, dict) else None
    first = cast("object", values[0]) if isinstance(values, list) and len(values) == 1 else None
    return first if isinstance(first, str) else ""


def name_of(row: Mapping[str, object]) -> str:
    """Return the name of the patient; nothing where there is none."""
    names = rows_of(row, NAME)
    name = names[0].get("Alphabetic") if names else ""
    return name if isinstance(name, str) else ""


def _refuse(constant: str) -> object:
    raise ValueError(constant)
