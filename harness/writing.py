"""Files that are written whole or not at all."""

from __future__ import annotations

from pathlib import Path

from harness.errors import RecordError


def write_whole(target: Path, data: bytes, flag: str = "") -> Path:
    """Writes a file beside its place and moves it there, so that nobody reads half of it.

    Args:
        target: Where it is to stand; what stood there is replaced.
        data: Its content.
        flag: What the user wrote to name it, for the message.

    Raises:
        RecordError: It cannot be written.
    """
    draft = target.with_name(f"{target.name}.part")
    try:
        draft.write_bytes(data)
        draft.replace(target)
    except OSError as error:
        raise RecordError(f"{flag} {target}: cannot write: {error.strerror}".strip()) from error
    return target
