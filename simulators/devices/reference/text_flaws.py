"""Text that a flawed device reads wrongly when it answers queries; a sound one never loads this."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Final

from simulators.devices.reference.flaws import NO_FLAWS, Flaws
from simulators.devices.reference.index import Instance
from simulators.devices.reference.query import Query
from simulators.wire.dataset import Element, encode_dataset
from simulators.wire.reading import read_elements

_CHARACTER_SET, _PATIENT_NAME = 0x00080005, 0x00100010
_TEXT: Final = frozenset(("LO", "LT", "PN", "SH", "ST", "UC", "UT"))
_KNOWN: Final = frozenset((b"", b"ISO_IR 100", b"ISO_IR 192"))
_ESCAPE, _ASCII = b"\x1b", b"\x1b(B"


@dataclass(frozen=True, slots=True)
class ConfusedQuery(Query):
    """A query of a device that confuses texts."""

    flaws: Flaws = NO_FLAWS

    def instances(self, stored: Iterable[Instance]) -> list[Instance]:
        """Return what is found, which is nothing once a text is no UTF-8 (one of the flaws)."""
        found = Query.instances(self, stored)
        if self.flaws.has("stumbles_over_text") and not all(map(_readable, found)):
            return []
        if self.flaws.has("recodes_text"):
            return [_Recoded(*(getattr(each, f.name) for f in fields(each))) for each in found]
        return found

    def answer(
        self,
        instance: Instance,
        transfer_syntax: bytes,
        ae_title: str,
        counts: Mapping[int, Counter[tuple[bytes, ...]]],
    ) -> bytes:
        """Return one answer; an escape that one text leaves open reaches those behind it."""
        answer = Query.answer(self, instance, transfer_syntax, ae_title, counts)
        carries = self.flaws.has("carries_escape_state")
        return _carried(answer, transfer_syntax.decode()) if carries else answer


class _Recoded(Instance):
    """An object whose name comes back with question marks, unless its characters are known."""

    def data_set(self) -> bytes:
        """Return the data set with its name recoded."""
        name = self.shared.get(_PATIENT_NAME, b"")
        if self.shared.get(_CHARACTER_SET, b"").rstrip(b" ") in _KNOWN:
            return Instance.data_set(self)
        plain = bytes(octet if octet < 0x80 else 0x3F for octet in name)
        return Instance.data_set(self).replace(name, plain, 1) if name else Instance.data_set(self)


def confused(query: Query, flaws: Flaws) -> Query:
    """Return the query as such a device answers it."""
    wild = folded if flaws.has("folds_patient_ids") else query.wild
    return ConfusedQuery(query.level, query.keys, query.vrs, wild, flaws)


def folded(key: bytes, value: bytes) -> bool:
    """Tell whether two texts are the same to someone who does not look closely."""
    return _fold(value).startswith(_fold(key))


def _fold(text: bytes) -> str:
    letters = unicodedata.normalize("NFKD", text.decode("utf-8", "replace"))
    plain = "".join(letter for letter in letters if letter.isalnum() and letter.isascii())
    return plain.casefold().lstrip("0")


def _readable(instance: Instance) -> bool:
    if not instance.shared.get(_CHARACTER_SET, b"").startswith(b"ISO_IR 192"):
        return True
    try:
        instance.shared.get(_PATIENT_NAME, b"").decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _carried(answer: bytes, syntax: str) -> bytes:
    """Read all texts of an answer as one: from an escape on, octets are of another set."""
    elements: list[Element] = []
    another = False
    for found in read_elements(answer, syntax).elements:
        value = found.value
        if found.vr in _TEXT:
            if another:
                value = bytes(octet | 0x80 for octet in value)
            last = value.rfind(_ESCAPE)
            another = another or (last >= 0 and value[last : last + 3] != _ASCII)
        elements.append(Element(tag=found.tag, vr=found.vr, value=value))
    return encode_dataset(elements, syntax)
