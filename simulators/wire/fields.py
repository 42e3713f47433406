"""Field primitives that items and PDUs share: octets, numbers and named parts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

Octets = bytes | str
"""What a UID or name field takes; a ``str`` becomes UTF-8 (ASCII for every honest value)."""


class Part(NamedTuple):
    """One named run of octets of an encoded value.

    Attributes:
        name: Path of the field, e.g. ``items[2].length``.
        octets: The octets as sent.
        lying: True for a length or count that was set to something else than the computed value.
    """

    name: str
    octets: bytes
    lying: bool = False


def octets(value: Octets) -> bytes:
    """Return ``value`` as octets; total, also for lone surrogates."""
    return value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass")


def text(value: Octets) -> str:
    """Return ``value`` as text for people and dictionaries; total, one character per octet."""
    return value if isinstance(value, str) else value.decode("latin-1")


def normalise(owner: object, *names: str) -> None:
    """Turn the ``str`` values of the named fields of a frozen dataclass into octets.

    Only ever called from ``__post_init__``, so that two spellings of one value compare equal.
    """
    for name in names:
        value = getattr(owner, name)
        if isinstance(value, str):
            object.__setattr__(owner, name, octets(value))


def u8(name: str, value: int) -> Part:
    """Return a one-octet part."""
    return Part(name, value.to_bytes(1, "big"))


def u16(name: str, value: int) -> Part:
    """Return a two-octet big-endian part."""
    return Part(name, value.to_bytes(2, "big"))


def u32(name: str, value: int) -> Part:
    """Return a four-octet big-endian part."""
    return Part(name, value.to_bytes(4, "big"))


def counted(name: str, claimed: int | None, actual: int, width: int) -> Part:
    """Return a length part of ``width`` octets: ``actual`` unless ``claimed`` is set."""
    value = actual if claimed is None else claimed
    return Part(name, value.to_bytes(width, "big"), value != actual)


def size(parts: Iterable[Part]) -> int:
    """Return the number of octets in ``parts``."""
    return sum(len(part.octets) for part in parts)


def unless(claimed: int, actual: int) -> int | None:
    """Return ``claimed`` for a lie and None for an honest length: the decoder's normal form."""
    return None if claimed == actual else claimed
