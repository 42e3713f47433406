"""The flaws of a reader of XML that does what the document says. Loaded only by such a device.

Nothing here asks anybody but loopback, or holds more than a bound.
"""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname
from xml.parsers import expat

from simulators.devices.reference.channel import touch
from simulators.devices.reference.flaws import Flaws
from simulators.devices.reference.options import MIB
from simulators.devices.reference.web_fetching import fetch
from simulators.devices.reference.web_message import RefusedError
from simulators.devices.reference.web_xml import Values, read_with, refuse_instruction

_MOST = 1 << 16
_HOLDS_AT_MOST = 192 * MIB
_STYLESHEET = re.compile(rb"""<\?xml-stylesheet[^?]*href=["']([^"']+)["']""")
_ENTITY = re.compile(rb'<!ENTITY (\w+) "([^"]*)">')
_REFERENCE = re.compile(rb"&(\w+);")


def read_obediently(document: bytes, flaws: Flaws) -> str:
    """Read a description before anybody asks whether it is wanted; return the text in it."""
    if flaws.has("web_xml_stylesheet"):
        for address in _STYLESHEET.findall(document)[:4]:
            fetch(address.decode("latin-1"))
    if flaws.has("web_xml_expands"):
        room = touch(min(_size(document), _HOLDS_AT_MOST))
        del room
    if not flaws.has("web_xml_external"):
        return ""
    with suppress(RefusedError):
        return " ".join(str(value) for value in with_entities(document).values())
    return ""


def with_entities(document: bytes) -> Values:
    """Return the attributes of a document, with whatever it names elsewhere."""
    parser = expat.ParserCreate()
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_ALWAYS)
    parser.ProcessingInstructionHandler = refuse_instruction

    def resolve(context: str | None, _base: str | None, system: str | None, _: str | None) -> int:
        inner = parser.ExternalEntityParserCreate(context)
        with suppress(expat.ExpatError):
            inner.Parse(_content(system or ""), True)
        return 1

    parser.ExternalEntityRefHandler = resolve
    return read_with(parser, document)


def _content(address: str) -> bytes:
    """Return what a file holds that an entity names, or what loopback says; only printable."""
    url = urlsplit(address)
    if url.scheme == "http":
        return fetch(address)
    with suppress(OSError, ValueError), Path(url2pathname(url.path)).open("rb") as file:
        return bytes(octet for octet in file.read(_MOST) if 0x20 < octet < 0x7F and octet != 0x3C)
    return b""


def _size(document: bytes) -> int:
    """Return how long the text becomes whose entities are expanded."""
    sizes: dict[bytes, int] = {}
    for name, text in _ENTITY.findall(document):
        plain = len(_REFERENCE.sub(b"", text))
        sizes[name] = plain + sum(sizes.get(each, 0) for each in _REFERENCE.findall(text))
    return sum(sizes.get(name, 0) for name in _REFERENCE.findall(document))
