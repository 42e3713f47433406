"""What a Store Instances Response Module says of one object (PS3.18 annex I); total on anything."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final

NOT_NAMED: Final = -1
"""The module speaks of other objects, or is none."""

PROCESSING_FAILURE: Final = 0x0110
"""Stands for a failure without a reason."""

COERCED: Final = 0xB000
"""Stands for a warning without a reason: coercion of data elements (PS3.4 B.2.3)."""

_FAILED: Final = "00081198"
_STORED: Final = "00081199"
_INSTANCE: Final = "00081155"
_REASON: Final = "00081197"
_WARNING: Final = "00081196"
_XML_FAILED = re.compile(rb'tag="00081198"(.*?)(?:tag="00081199"|\Z)', re.S)
_XML_REASON = re.compile(rb'tag="00081197"[^>]*>\s*<Value[^>]*>\s*([0-9]{1,5})\s*<')


def failure_reason(body: bytes, sop_instance: str) -> int:
    """0 if the object is stored, otherwise its Failure Reason, or :data:`NOT_NAMED`.

    Args:
        body: The module in JSON or XML.
        sop_instance: SOP Instance UID of the object.
    """
    named = sop_instance.encode()
    if _FAILED.encode() not in body:
        return 0 if named in body else NOT_NAMED
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return _reason_in_xml(body, named)
    for item in _items(document, _FAILED):
        if _value(item, _INSTANCE) == sop_instance:
            return _known(_value(item, _REASON))
    stored = (_value(item, _INSTANCE) for item in _items(document, _STORED))
    return 0 if sop_instance in stored else NOT_NAMED


def warning_reason(body: bytes, sop_instance: str) -> int:
    """The Warning Reason, B000H to BFFFH, of an object that is stored.

    Args:
        body: The module in JSON; one in XML is not searched.
        sop_instance: SOP Instance UID of the object.
    """
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return COERCED
    for item in _items(document, _STORED):
        reason = _value(item, _WARNING)
        if _value(item, _INSTANCE) == sop_instance and isinstance(reason, int):
            return reason if reason >> 12 == 0xB else COERCED
    return COERCED


def _reason_in_xml(body: bytes, named: bytes) -> int:
    failed = _XML_FAILED.search(body)
    if failed and named in failed[1]:
        reason = _XML_REASON.search(failed[1])
        return _known(int(reason[1]) if reason else None)
    return 0 if named in body else NOT_NAMED


def _known(reason: object) -> int:
    return reason if isinstance(reason, int) and 0 < reason <= 0xFFFF else PROCESSING_FAILURE


def _items(document: object, tag: str) -> Iterator[object]:
    element = document.get(tag) if isinstance(document, dict) else None
    values = element.get("Value") if isinstance(element, dict) else None
    yield from values if isinstance(values, list) else ()


def _value(item: object, tag: str) -> object:
    """The first value of an element; None if it has none."""
    return next(_items(item, tag), None)
