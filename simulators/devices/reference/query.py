"""Study Root queries over the stored objects (PS3.4 C.2, C.6.2)."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from simulators.devices.reference.index import (
    SERIES_UID,
    SOP_INSTANCE_UID,
    STUDY_UID,
    Instance,
)
from simulators.devices.reference.log import shown
from simulators.devices.reference.scanner import Scan
from simulators.wire.dataset import Element, encode_dataset

LEVEL = 0x00080052
_UNIQUE_KEYS = {b"STUDY": STUDY_UID, b"SERIES": SERIES_UID, b"IMAGE": SOP_INSTANCE_UID}
_UID_KEYS = frozenset({STUDY_UID, SERIES_UID, SOP_INSTANCE_UID, 0x00080016, 0x00080062})
_RANGE_KEYS = frozenset({0x00080020, 0x00080030})
_SERIES_IN_STUDY, _INSTANCES_IN_STUDY, _INSTANCES_IN_SERIES = 0x00201206, 0x00201208, 0x00201209
_COUNTS = frozenset({_SERIES_IN_STUDY, _INSTANCES_IN_STUDY, _INSTANCES_IN_SERIES})
_NOT_MATCHED = frozenset({LEVEL, 0x00080005, 0x00080054}) | _COUNTS
# VRs of the keys that a query in Implicit VR is likely to carry.
_VRS = {
    0x00080005: "CS", 0x00080016: "UI", 0x00080018: "UI", 0x00080020: "DA", 0x00080030: "TM",
    0x00080050: "SH", 0x00080052: "CS", 0x00080054: "AE", 0x00080060: "CS", 0x00080090: "PN",
    0x00100010: "PN", 0x00100020: "LO", 0x00100030: "DA", 0x00100040: "CS", 0x0020000D: "UI",
    0x0020000E: "UI", 0x00200010: "SH", 0x00200011: "IS", 0x00200013: "IS", 0x00201206: "IS",
    0x00201208: "IS", 0x00201209: "IS",
}  # fmt: skip


_Owner = tuple[bytes, ...]
"""Study Instance UID, or that and the Series Instance UID."""


class IdentifierError(ValueError):
    """The identifier does not match the query model."""


@dataclass(frozen=True, slots=True)
class Query:
    """A checked identifier.

    Attributes:
        wild: How wildcards are matched; None for :func:`wildcard`.
    """

    level: bytes
    keys: dict[int, bytes]
    vrs: dict[int, bytes]
    wild: Callable[[bytes, bytes], bool] | None = None

    def matches(self, stored: Iterable[Instance]) -> list[Instance]:
        """Return one object for every match at the level of the query."""
        found = self.instances(stored)
        if self.level == b"IMAGE":
            return found
        unique = _UNIQUE_KEYS[self.level]
        first: dict[bytes, Instance] = {}
        for instance in found:
            first.setdefault(instance.value(unique) or b"", instance)
        return list(first.values())

    def counts(self, stored: Iterable[Instance]) -> dict[int, Counter[_Owner]]:
        """Return the numbers that are asked for, by their tag and by study or series."""
        asked = _COUNTS & self.vrs.keys()
        series = [_series_of(instance) for instance in stored] if asked else []
        every = {
            _SERIES_IN_STUDY: lambda: Counter(owner[:1] for owner in set(series)),
            _INSTANCES_IN_STUDY: lambda: Counter(owner[:1] for owner in series),
            _INSTANCES_IN_SERIES: lambda: Counter(series),
        }
        return {tag: every[tag]() for tag in asked}

    def instances(self, stored: Iterable[Instance]) -> list[Instance]:
        """Return every object that has all the keys."""
        return [
            instance
            for instance in stored
            if all(_matches(tag, key, instance, self.wild) for tag, key in self.keys.items())
        ]

    def answer(
        self,
        instance: Instance,
        transfer_syntax: bytes,
        ae_title: str,
        counts: Mapping[int, Counter[_Owner]],
    ) -> bytes:
        """Return the identifier of one pending response, encoded."""
        fixed = {LEVEL: self.level, 0x00080054: ae_title.encode("ascii")}
        for tag, numbers in counts.items():
            owner = _series_of(instance)
            owner = owner if tag == _INSTANCES_IN_SERIES else owner[:1]
            fixed[tag] = str(numbers[owner]).encode("ascii")
        elements = [
            Element(
                tag=tag,
                vr=_vr(tag, self.vrs[tag]),
                value=_padded(tag, fixed.get(tag, instance.value(tag) or b"")),
            )
            for tag in sorted(self.vrs)
        ]
        return encode_dataset(elements, transfer_syntax.decode("ascii"))


def read_query(found: Scan, *, retrieve: bool) -> Query:
    """Check an identifier.

    Args:
        found: Its top-level values.
        retrieve: True for C-GET and C-MOVE, which need their unique keys.

    Raises:
        IdentifierError: The level is unknown or a unique key is missing.
    """
    if found.long:
        raise IdentifierError("a value is longer than any of its VR may be")
    level = found.values.get(LEVEL, b"").rstrip(b" \0")
    if level not in _UNIQUE_KEYS:
        raise IdentifierError(f"Query/Retrieve Level {shown(level)} unknown")
    keys = {
        tag: value.rstrip(b" \0")
        for tag, value in found.values.items()
        if tag not in _NOT_MATCHED and found.vrs.get(tag) != b"SQ"
    }
    if retrieve:
        if not keys.get(_UNIQUE_KEYS[level]):
            raise IdentifierError("the unique key of the level is missing")
        keys = {tag: keys[tag] for tag in _UNIQUE_KEYS.values() if keys.get(tag)}
    return Query(level, keys, found.vrs)


def most_told(query: Query) -> int:
    """Return how many characters besides wildcards the longest key has."""
    keys = (key.translate(None, b"*?") for key in query.keys.values())
    return max((len(key) for key in keys), default=0)


def _matches(
    tag: int, key: bytes, instance: Instance, wild: Callable[[bytes, bytes], bool] | None
) -> bool:
    """Match one key; a key that the device does not hold matches everything."""
    value = instance.value(tag)
    if not key or key == b"*" or value is None:
        return not key or key == b"*" or tag not in _VRS
    value = value.rstrip(b" \0")
    if tag in _UID_KEYS:
        return value in key.split(b"\\")
    if tag in _RANGE_KEYS and b"-" in key:
        low, _, high = key.partition(b"-")
        return (not low or value >= low) and (not high or value <= high)
    return (wild or wildcard)(key, value)


def _series_of(instance: Instance) -> _Owner:
    """Return the UIDs of the study and the series of an object."""
    return tuple((instance.value(tag) or b"").rstrip(b" \0") for tag in (STUDY_UID, SERIES_UID))


def wildcard(pattern: bytes, value: bytes) -> bool:
    """Match ``*`` and ``?`` (PS3.4 C.2.2.2.4) with one fallback point, so never exponentially."""
    at = inside = 0
    star, resume = -1, 0
    while inside < len(value):
        if at < len(pattern) and pattern[at] == 0x2A:
            star, resume = at, inside
            at += 1
        elif at < len(pattern) and pattern[at] in (0x3F, value[inside]):
            at, inside = at + 1, inside + 1
        elif star >= 0:
            resume += 1
            at, inside = star + 1, resume
        else:
            return False
    return all(byte == 0x2A for byte in pattern[at:])


def _vr(tag: int, given: bytes) -> str:
    return given.decode("ascii") or _VRS.get(tag, "UN")


def _padded(tag: int, value: bytes) -> bytes:
    return value + (b"\0" if tag in _UID_KEYS else b" ") * (len(value) % 2)
