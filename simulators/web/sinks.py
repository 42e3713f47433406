"""Values of ours where a web server writes them out: in JSON, in XML, in a table.

Witnesses ``written``: ``form``, ``code``, ``valid`` and ``fault`` (why not), ``wrong`` (what of
ours came back as something else), ``right`` (how much came back as it was sent).
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Final, NoReturn, cast
from xml.parsers import expat

from harness.model import JSON
from harness.stage import Stage
from simulators.web.client import WebClient
from simulators.web.depositing import PATIENCE_S
from simulators.web.files import parts_of
from simulators.web.hard_values import Expected
from simulators.web.honest import metadata
from simulators.web.request import Request
from simulators.web.response import Response
from simulators.web.target import entitled, path_of, web_of

_XML: Final = 'multipart/related; type="application/dicom+xml"'
_FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r")
_MOST_ROWS: Final = 20_000


def reads_json(stage: Stage, study: str, expected: Expected) -> None:
    """Asks for the metadata of a study in JSON, and looks whether they are JSON, and true."""
    _look(stage, "JSON", metadata(stage, study), lambda answer: _of_json(answer.body, expected))


def reads_xml(stage: Stage, study: str, expected: Expected) -> None:
    """Asks for the metadata of a study in XML, and looks whether they are XML, and true."""
    where = path_of(stage, "studies", study, "metadata")
    request = Request(target=where, headers=(("Accept", _XML),))
    _look(stage, "XML", request, lambda answer: _of_xml(b"".join(parts_of(answer)[:1]), expected))


def reads_table(stage: Stage, mark: str) -> None:
    """Asks for the exported table, and looks which cells with our mark begin as a formula."""
    request = Request(target=str(web_of(stage).csv), headers=(("Accept", "text/csv"),))
    _look(stage, "CSV", request, lambda answer: _of_csv(answer.body, mark))


def _look(
    stage: Stage, form: str, request: Request, read: Callable[[Response], dict[str, JSON]]
) -> None:
    with WebClient(stage) as client:
        answer = client.ask(
            entitled(stage, request), what=f"metadata in {form}", stimulus=True,
            timeout_s=PATIENCE_S,
        )  # fmt: skip
    told: dict[str, JSON] = {"form": form, "code": answer.status if answer else None}
    if answer is not None and answer.status == 200:
        told |= read(answer)
    stage.observe("written", "attacker", **told)


def _of_json(body: bytes, expected: Expected) -> dict[str, JSON]:
    try:
        read = json.loads(body.decode(), parse_constant=_no_json, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        return _broken(error)
    if any(0xD800 <= ord(each) <= 0xDFFF for text in _texts(read) for each in text):
        return _broken(ValueError("a lone surrogate"))
    rows = cast("list[object]", read) if isinstance(read, list) else []
    first = cast("Mapping[str, object]", rows[0]) if rows and isinstance(rows[0], dict) else {}
    values = {tag: _first_value(first.get(tag)) for tag in expected}
    return _compared(expected, values)


def _no_json(name: str) -> NoReturn:
    raise ValueError(f"{name} is no value of JSON")


def _texts(value: object) -> Iterator[str]:
    """Every text in a document, its names too; without recursion."""
    stack = [value]
    while stack:
        one = stack.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            stack += [part for pair in cast("dict[str, object]", one).items() for part in pair]
        elif isinstance(one, list):
            stack += cast("list[object]", one)


def _first_value(attribute: object) -> str | None:
    """The first value of an attribute, as text; None where it has none."""
    told = cast("Mapping[str, object]", attribute) if isinstance(attribute, dict) else {}
    values = told.get("Value")
    if not isinstance(values, list) or not values:
        return None
    value = cast("list[object]", values)[0]
    if isinstance(value, dict):
        value = cast("Mapping[str, object]", value).get("Alphabetic")
    return None if value is None else str(value)


def _of_xml(document: bytes, expected: Expected) -> dict[str, JSON]:
    reader = _XmlReader()
    try:
        values = reader.read(document)
    except (expat.ExpatError, ValueError) as error:
        return _broken(error)
    return _compared(expected, {tag: values.get(tag) for tag in expected})


class _XmlReader:
    """Collects the text of attributes by tag; whatever declares an entity is no data."""

    def __init__(self) -> None:
        self._tags: list[str] = []
        self._values: dict[str, str] = {}

    def read(self, document: bytes) -> dict[str, str]:
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.EntityDeclHandler = self._entity
        parser.Parse(document, True)
        return self._values

    def _start(self, _name: str, attributes: dict[str, str]) -> None:
        self._tags.append(attributes.get("tag", self._tags[-1] if self._tags else ""))

    def _end(self, _name: str) -> None:
        self._tags.pop()

    def _text(self, text: str) -> None:
        tag = self._tags[-1]
        self._values[tag] = self._values.get(tag, "") + text

    def _entity(self, *_told: object) -> NoReturn:
        raise ValueError("an entity is declared")


def _of_csv(body: bytes, mark: str) -> dict[str, JSON]:
    rows = csv.reader(io.StringIO(body.decode("utf-8", "replace"), newline=""))
    right, live = 0, list[JSON]()
    for number, row in enumerate(rows):
        for cell in row if number < _MOST_ROWS else ():
            if mark in cell:
                right += 1
                if cell.startswith(_FORMULAS):
                    live.append(cell[:32])
    return {"valid": True, "wrong": live, "right": right}


def _broken(error: Exception) -> dict[str, JSON]:
    return {"valid": False, "fault": ascii(str(error))[:120]}


def _compared(expected: Expected, values: Mapping[str, str | None]) -> dict[str, JSON]:
    wrong: list[JSON] = []
    right = 0
    for tag, text in expected.items():
        came = values.get(tag)
        if came is None:
            continue
        if text == came or (not text.lstrip("-").isdigit() and text in came):
            right += 1
        else:
            wrong.append(f"{tag} is {came[:32]}, not {text[:32]}")
    return {"valid": True, "wrong": wrong, "right": right}
