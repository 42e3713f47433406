"""Where in the operator's own file a result belongs: the line of device.toml that claims it.

A viewer of code shows a finding beside a line. Here the line is the claim that was tested; without
a profile in the run folder it is the file of the scenario, and for one that is not installed the
run itself.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from harness import registry
from reports.rows import Row

_HEADER = re.compile(r"\s*\[{1,2}\s*([A-Za-z0-9_.\-]+)\s*\]{1,2}\s*(?:#.*)?")
_KEY = re.compile(r"\s*([A-Za-z0-9_\-]+)\s*=")
_LONGEST = 2**20
"""Octets of a profile that is looked through; a longer one is anchored at its first line."""

_BY_FAMILY: Mapping[str, tuple[str, ...]] = {
    "TLS": ("tls.profiles", "tls.profile", "tls.versions", "tls"),
    "CRT": ("tls.mutual", "tls.checks_revocation", "tls.profiles", "tls.profile", "tls"),
    "MIM": ("tls", "requestor.services", "requestor"),
    "AUT": (
        "authorisation", "acceptor.calling_ae_titles", "acceptor.checks_called_ae", "identities",
    ),
    "RES": ("acceptor.max_associations", "acceptor.artim_s", "acceptor.idle_timeout_s"),
    "INT": ("integrity",),
    "LOAD": ("load",),
    "WEB": ("web",),
    "HL7": ("hl7",),
    "REV": ("reviews",),
}  # fmt: skip
"""Keys of device.toml that claim what a family tests, the nearest first."""

_BY_ROLE: Mapping[str, tuple[str, ...]] = {
    "acceptor": ("acceptor.services", "acceptor"),
    "requestor": ("requestor.services", "requestor"),
}
_LAST = ("acceptor.services", "acceptor", "requestor", "device")


@dataclass(frozen=True, slots=True)
class Anchor:
    """A line of a file; ``uri`` is relative, to the run folder or to the tool's source."""

    uri: str
    line: int = 1


@dataclass(frozen=True, slots=True)
class Anchors:
    """Anchors for the results of one run.

    Attributes:
        lines: The line of each key of the profile; None when the run has none.
        sources: Without a profile, the file of each scenario.
    """

    lines: Mapping[str, int] | None
    sources: Mapping[str, str] = field(default_factory=dict)

    def of(self, row: Row) -> Anchor:
        """Where this result belongs."""
        if self.lines is None:
            return Anchor(self.sources.get(row.id, "run.json"))
        own = _BY_FAMILY.get(row.family, ()) if row.role != "requestor" else ()
        if row.family in ("TLS", "CRT", "LOAD", "INT"):
            own = _BY_FAMILY[row.family]
        for key in (*own, *_BY_ROLE.get(row.role, ()), *_LAST):
            if key in self.lines:
                return Anchor("device.toml", self.lines[key])
        return Anchor("device.toml")


def anchors_of(folder: Path) -> Anchors:
    """Anchors in the copy of the profile that the run folder holds."""
    path = folder / "device.toml"
    try:
        with path.open("rb") as file:
            octets = file.read(_LONGEST + 1)
        text = octets.decode("utf-8")
    except OSError:
        return Anchors(None, _sources())
    except UnicodeDecodeError:
        return Anchors({})
    return Anchors({} if len(octets) > _LONGEST else lines_of(text))


def lines_of(text: str) -> Mapping[str, int]:
    """The line, from 1, of each table and of each key below it, as ``table.key``.

    Only what TOML itself finds there counts, so that a line inside a long string names nothing.
    """
    try:
        real = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}
    found: dict[str, int] = {}
    table = ""
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.fullmatch(line):
            table = header.group(1)
            _note(found, real, table, number)
        elif key := _KEY.match(line):
            _note(found, real, f"{table}.{key.group(1)}".lstrip("."), number)
    return found


def _note(found: dict[str, int], real: Mapping[str, object], name: str, number: int) -> None:
    value: object = real
    for part in name.split("."):
        value = next(iter(value), None) if isinstance(value, list) else value
        if not isinstance(value, Mapping) or part not in value:
            return
        value = value[part]
    found.setdefault(name, number)


def _sources() -> Mapping[str, str]:
    """The file of each installed scenario, as its package calls it."""
    return {
        name: f"{one.body.__module__.replace('.', '/')}.py" for name, one in registry.load().items()
    }
