"""How far a flawed reader goes: far enough to be seen, and never to the harm of the machine."""

from pathlib import Path
from typing import Final

MOST: Final = 384 << 20
"""What it takes of memory at most."""

_LEVELS: Final = 3
"""How many folders a name may climb out of the one that is written to."""


def write_inside(folder: Path, name: bytes, content: bytes) -> None:
    """Write to where a name says, but never beyond what the bench has laid around the folder.

    A flaw is to be seen, and does no harm to the machine that it runs on.
    """
    around = folder.resolve().parents
    bench = around[_LEVELS - 1] if len(around) > _LEVELS else folder.resolve()
    path = folder / name.decode("utf-8", "surrogateescape").replace("\\", "/")
    if not path.resolve().is_relative_to(bench):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
