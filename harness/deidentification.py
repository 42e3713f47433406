"""What becomes of an attribute in de-identification: PS3.15 Table E.1-1 and its options, as facts.

The rows are those of ``catalogue/deidentification.toml``; nothing here knows an octet of DICOM.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal, get_args

Option = Literal[
    "clean-pixel-data",
    "clean-recognisable-features",
    "clean-graphics",
    "clean-structured-content",
    "clean-descriptors",
    "retain-longitudinal-full",
    "retain-longitudinal-modified",
    "retain-patient-characteristics",
    "retain-device-identity",
    "retain-uids",
    "retain-safe-private",
    "retain-institution-identity",
]
OPTIONS: Final[tuple[str, ...]] = get_args(Option)
"""The options of PS3.15 E.3."""

_GROUPS: Final = ("since-2020", "later")
_CURVE: Final = range(0x5000, 0x5100)
_OVERLAY: Final = range(0x6000, 0x6100)


@dataclass(frozen=True, slots=True)
class Row:
    """One attribute of the table.

    Attributes:
        key: Group and element in hexadecimal, x for any digit.
        basic: Action of the Basic Profile: D, Z, X, U, or a choice such as X/Z/D.
        options: The actions of the options that say something else.
        read: It was read in the standard's own text, so that it may decide a FAIL.
    """

    key: str
    basic: str
    options: Mapping[str, str]
    read: bool

    def action(self, claimed: Collection[str]) -> str:
        """The action under the options that a device claims: an option overrides the profile.

        Where two say something, keeping is permitted by one of them.
        """
        said = [action for option, action in self.options.items() if option in claimed]
        if not said:
            return self.basic
        return "K" if "K" in said else said[0]


@cache
def rows() -> Mapping[str, Row]:
    """Every row by its key."""
    table = _table()
    return {
        key: Row(
            key=key,
            basic=row["basic"],
            options={name: action for name, action in row.items() if name != "basic"},
            read=table["confidence"][group] == "read",
        )
        for group in _GROUPS
        for key, row in table[group].items()
    }


@cache
def codes() -> Mapping[str, str]:
    """The code (PS3.16 CID 7050) by profile or option."""
    return dict(_table()["codes"])


def row_of(tag: int) -> Row | None:
    """The row of an attribute, as 0xGGGGEEEE; None where the table says nothing about it."""
    group, element = tag >> 16, tag & 0xFFFF
    key = f"{group:04X}{element:04X}"
    if group in _CURVE:
        key = "50xxxxxx"
    elif group in _OVERLAY:
        key = f"60xx{element:04X}"
    return rows().get(key)


@cache
def _table() -> dict[str, Any]:
    source = files("harness") / "catalogue" / "deidentification.toml"
    return tomllib.loads(source.read_text("utf-8"))
