"""The flaws of the device that draws pictures: loaded only when one is switched on."""

import os
from pathlib import Path
from typing import Final

from simulators.devices.reference.errors import CannotDecodeError, RefusedError
from simulators.devices.reference.file_format import safe_name
from simulators.devices.reference.readable import described_octets
from simulators.devices.reference.reader import PIXEL_DATA, Opened, Reader
from simulators.devices.reference.render import write_pictures
from simulators.devices.reference.transcode import fragments_of

_MOST_SHOWN: Final = 1 << 16
_MOST_DRAWN: Final = 96 << 20
_TABLE_AND_ONE: Final = 2


class FlawedPainter(Reader):
    """Draws as the sound one does, but for its flaws."""

    def check(self, opened: Opened) -> None:
        """Refuse what the sound reader refuses, unless it can be drawn somehow."""
        try:
            super().check(opened)
        except (RefusedError, CannotDecodeError):
            if self.out is None or PIXEL_DATA not in opened.elements:
                raise
            name = self.out / safe_name(opened.instance)
            if not self._drawn(name, described_octets(opened.elements)):
                raise

    def _drawn(self, name: Path, octets: int) -> bool:
        """Draw a picture whose samples are not there."""
        has = self.flaws.has
        if has("read_shows_memory") and octets <= _MOST_SHOWN:
            # What was never written differs with each run, as memory does.
            name.with_suffix(".pgm").write_bytes(os.urandom(octets))
            return True
        if has("read_draws_without_limit") and octets > _MOST_SHOWN:
            with name.with_suffix(".pgm").open("wb") as file:
                file.truncate(min(octets, _MOST_DRAWN))
            return True
        return False

    def write(self, opened: Opened) -> None:
        """Write the picture, or half of one that lies in several pieces."""
        pixels = opened.elements.get(PIXEL_DATA)
        if self.out is None or pixels is None or self._is_given_up(opened):
            return
        pieces = fragments_of(pixels.value) if pixels.undefined else []
        if not self.flaws.has("read_takes_one_fragment") or len(pieces) <= _TABLE_AND_ONE:
            super().write(opened)
            return
        plain = self.plain(opened)
        samples = plain.elements[PIXEL_DATA].value
        half = samples[: len(samples) // 2].ljust(len(samples), b"\0")
        halved = self.understood(opened.path, plain.content.replace(samples, half))
        write_pictures(self.out / safe_name(opened.instance), halved)

    def _is_given_up(self, opened: Opened) -> bool:
        """Tell whether it was drawn already, because the sound reader refuses it."""
        return self.out is not None and (
            (self.out / safe_name(opened.instance)).with_suffix(".pgm").exists()
        )
