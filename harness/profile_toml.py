"""A profile that was made, and not read, as the text of a profile file.

What nobody set is left out, so that the text says no more than the profiles it was made of.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Mapping

from harness.profile import Profile


def as_toml(profile: Profile) -> str:
    """The profile as TOML that :func:`harness.profile.parse` reads back."""
    return "\n".join(_table("", profile.model_dump(by_alias=True, exclude_defaults=True))) + "\n"


def _table(name: str, table: Mapping[str, object]) -> Iterator[str]:
    """Values first, because what follows a header belongs to it; then the tables below."""
    plain = {key: value for key, value in table.items() if not _is_table(value)}
    if name and (plain or not table):
        yield f"\n[{name}]"
    for key, value in plain.items():
        yield f"{_key(key)} = {_value(value)}"
    for key, value in table.items():
        below = f"{name}.{_key(key)}".lstrip(".")
        if isinstance(value, Mapping):
            yield from _table(below, {str(k): v for k, v in value.items()})
        for each in _tables(value):
            yield f"\n[[{below}]]"
            yield from (f"{_key(str(k))} = {_value(v)}" for k, v in each.items())


def _tables(value: object) -> list[Mapping[object, object]]:
    """The tables of an array of tables; nothing for any other value."""
    listed = list(value) if isinstance(value, list | tuple) else []
    return listed if all(isinstance(one, Mapping) for one in listed) else []


def _is_table(value: object) -> bool:
    return isinstance(value, Mapping) or bool(_tables(value))


def _key(key: str) -> str:
    return key if key.replace("_", "").replace("-", "").isalnum() and key.isascii() else _text(key)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | datetime.date):
        return str(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(_value(one) for one in value)}]"
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{_key(str(k))} = {_value(v)}' for k, v in value.items())} }}"
    return _text(str(value))


def _text(text: str) -> str:
    """JSON's strings are TOML's basic strings, except for DEL (TOML 1.0, String)."""
    return json.dumps(text).replace("\x7f", "\\u007f")
