"""The XML of an audit message as plain values, read without trust in who wrote it.

No document type, hence no entity of its own and nothing to fetch (CWE-611, CWE-776); size, depth
and number of elements are bounded. What breaks a rule has a ``problem`` and no values.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from harness.model import JSON

_DEEPEST: Final = 16
_MOST_ELEMENTS: Final = 4096
_SHOWN: Final = 1024
_MOST_SHOWN: Final = 64
_MOST_QUERY: Final = 1 << 18


@dataclass(slots=True)
class Node:
    """One element."""

    name: str
    attributes: dict[str, str]
    children: list[Node] = field(default_factory=list["Node"])
    words: list[str] = field(default_factory=list[str])

    @property
    def text(self) -> str:
        """Its own text."""
        return "".join(self.words).strip()

    def all(self, name: str) -> list[Node]:
        """Its children of that name."""
        return [child for child in self.children if child.name == name]

    def get(self, name: str) -> str:
        """An attribute as it may be shown; empty where there is none."""
        return self.attributes.get(name, "")[:_SHOWN]


class RefusedError(ValueError):
    """What came is nothing that should be read."""


def read(octets: bytes) -> Node:
    """The root of a document.

    Raises:
        RefusedError: It is not well formed, or asks for more than a message needs.
    """
    reader = _Reader()
    try:
        reader.parser.Parse(octets, True)
    except expat.ExpatError as error:
        raise RefusedError(f"not well-formed XML: {error}") from None
    except (ValueError, LookupError) as error:
        raise RefusedError(str(error)) from None
    if reader.root is None:
        raise RefusedError("no element at all")
    return reader.root


class _Reader:
    def __init__(self) -> None:
        self.root: Node | None = None
        self._open: list[Node] = []
        self._count = 0
        self.parser = expat.ParserCreate()
        self.parser.StartDoctypeDeclHandler = _refuse
        self.parser.EntityDeclHandler = _refuse
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._words

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if self._count > _MOST_ELEMENTS or len(self._open) >= _DEEPEST:
            raise RefusedError("more elements than an audit message has")
        node = Node(name, attributes)
        if self._open:
            self._open[-1].children.append(node)
        elif self.root is None:
            self.root = node
        self._open.append(node)

    def _end(self, _name: str) -> None:
        self._open.pop()

    def _words(self, words: str) -> None:
        self._open[-1].words.append(words)


def _refuse(*_declared: object) -> None:
    raise RefusedError("a document type or an entity, which no audit message needs")


def values(root: Node) -> dict[str, JSON]:
    """What a message says, as far as the judge asks."""
    events, sources = root.all("EventIdentification"), root.all("AuditSourceIdentification")
    return {
        "root": root.name[:_SHOWN],
        "children": [child.name[:64] for child in root.children[:_MOST_SHOWN]],
        "event": _event(events[0]) if events else None,
        "participants": [_participant(one) for one in root.all("ActiveParticipant")[:_MOST_SHOWN]],
        "source": sources[0].get("AuditSourceID") if sources else None,
        "objects": [
            _object(one) for one in root.all("ParticipantObjectIdentification")[:_MOST_SHOWN]
        ],
    }


def texts(root: Node) -> list[bytes]:
    """Every text of a message, and what its queries hold: to look for what we know."""
    found = [value.encode() for value in root.attributes.values()]
    found.append(root.text.encode())
    if root.name == "ParticipantObjectQuery":
        try:
            found.append(base64.b64decode(root.text[:_MOST_QUERY], validate=False))
        except (binascii.Error, ValueError):
            found.append(b"")
    for child in root.children:
        found += texts(child)
    return found


def _event(node: Node) -> dict[str, JSON]:
    codes = node.all("EventID")
    return {
        **_coded(codes[0] if codes else Node("", {})),
        "action": node.get("EventActionCode"),
        "time": node.get("EventDateTime"),
        "outcome": node.get("EventOutcomeIndicator"),
        "types": [_coded(one) for one in node.all("EventTypeCode")[:_MOST_SHOWN]],
    }


def _participant(node: Node) -> dict[str, JSON]:
    return {
        "user": node.get("UserID"),
        "alternative": node.get("AlternativeUserID"),
        "requestor": node.get("UserIsRequestor"),
        "address": node.get("NetworkAccessPointID"),
        "roles": [_coded(one)["code"] for one in node.all("RoleIDCode")[:_MOST_SHOWN]],
    }


def _object(node: Node) -> dict[str, JSON]:
    types = node.all("ParticipantObjectIDTypeCode")
    names = node.all("ParticipantObjectName")
    queries = node.all("ParticipantObjectQuery")
    return {
        "id": node.get("ParticipantObjectID"),
        "type": node.get("ParticipantObjectTypeCode"),
        "role": node.get("ParticipantObjectTypeCodeRole"),
        "id_type": _coded(types[0])["code"] if types else "",
        "name": names[0].text[:_SHOWN] if names else None,
        "queried": bool(queries and queries[0].text),
        "details": [one.get("type") for one in node.all("ParticipantObjectDetail")[:_MOST_SHOWN]],
    }


def _coded(node: Node) -> dict[str, JSON]:
    """A coded value; ``dialect`` where its code is named as in RFC 3881."""
    old = "code" in node.attributes and "csd-code" not in node.attributes
    return {
        "code": node.get("code" if old else "csd-code"),
        "system": node.get("codeSystemName"),
        "dialect": old,
    }
