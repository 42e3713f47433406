"""What the reference device claims of media and pictures where a scenario needs it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from harness import profile as profiles

_READER: Final = ("--archives", "--pictures")
_EXPORT: Final = (
    "{python}", "-m", "simulators.devices.reference", "export", "{folder}", "--out", "{out}",
)  # fmt: skip
_RECIPIENT: Final = ("--recipient", "{recipient}")


def equipped(
    read: profiles.Profile, switched: Sequence[str] = (), *, sealed: bool = False
) -> profiles.Profile:
    """The profile whose reader takes archives and draws, and that writes media.

    Args:
        read: The usual profile.
        switched: Arguments that switch flaws on.
        sealed: Whether the media are encrypted.
    """
    assert read.reader is not None
    reader = read.reader.model_copy(
        update={
            "command": [*read.reader.command, *_READER],
            "archives": ("zip",),
            "renders": True,
            "decompresses": ("rle", "jpeg-lossless"),
        }
    )
    exporter = profiles.ExporterSection(
        command=[*_EXPORT, *(_RECIPIENT if sealed else ()), *switched],
        timeout_s=read.reader.timeout_s,
        exit_codes=read.reader.exit_codes,
        zeroes_preamble=True,
        encrypts=sealed,
    )
    return read.model_copy(update={"reader": reader, "exporter": exporter})
