"""What each seeded flaw means and which published weakness it stands for.

Kept apart from :mod:`.flaws` so that a device in service never reads the table.
"""

import json
import tomllib
from functools import cache
from pathlib import Path
from typing import cast

from simulators.devices.reference.flaws import Flaw, FlawName, Role


@cache
def flaws() -> dict[str, Flaw]:
    """Return every seeded flaw by name, in the order of the table."""
    rows = cast("dict[str, dict[str, str]]", _table()["flaw"])
    return {
        name: Flaw(cast("FlawName", name), cast("Role", row["role"]), row["sentence"], row["model"])
        for name, row in rows.items()
    }


def twins() -> dict[str, str]:
    """Return one sentence for every benign twin."""
    return cast("dict[str, str]", _table()["twin"])


def as_json() -> str:
    """Return the table as a JSON document with the keys ``flaws`` and ``twins``."""
    listed = [
        {"name": flaw.name, "role": flaw.role, "sentence": flaw.sentence, "model": flaw.model}
        for flaw in flaws().values()
    ]
    return json.dumps({"flaws": listed, "twins": twins()}, indent=2)


@cache
def _table() -> dict[str, object]:
    return tomllib.loads((Path(__file__).parent / "flaws.toml").read_text(encoding="utf-8"))
