"""A desk at which the device makes a picture of a file, twice, or a file without compression.

Between the two runs the allocator fills what it gives out with other octets, so that memory which
the program shows without having written it is not the same twice.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pydicom import dcmread

from harness.model import JSON, Observation
from simulators.reading import FILE, Reading

_FILLS: Final = ("165", "90")
"""Of the C library's allocator; a program on another one is run twice without."""

_MOST_FILES: Final = 4096
_STEP: Final = 1 << 20
_LARGEST: Final = 16 << 20
_NATIVE: Final = ("1.2.840.10008.1.2", "1.2.840.10008.1.2.1")


class Rendering(Reading):
    """One desk for one play."""

    def draw_twice(self, octets: bytes, what: str, *, lie: str = "") -> None:
        """Has the device draw a file two times; witnesses a ``picture`` each time.

        Args:
            octets: The file.
            what: What it is, in words.
            lie: Which part of it lies; nothing for an honest file.
        """
        for fill in _FILLS:
            seen = self._read({FILE: octets}, FILE, what, lie, {"MALLOC_PERTURB_": fill})
            if seen.data.get("stopped") or seen.data.get("timed_out"):
                self._drawn(seen, lie, [], 0)
                return  # it would cost the same again, and show nothing more
            sizes = [_digest(path) for path in _files(self.out)]
            digests: list[JSON] = [*sorted(digest for digest, _ in sizes)]
            self._drawn(seen, lie, digests, sum(size for _, size in sizes))

    def decompress(self, octets: bytes, samples: bytes, what: str, *, lie: str = "") -> Observation:
        """Has the device decompress a file; witnesses whether the ``samples`` came back.

        Args:
            octets: The file.
            samples: What it must give.
            what: What it is, in words.
            lie: Which part of it is unusual; nothing for an ordinary file.
        """
        seen = self._read({FILE: octets}, FILE, what, lie)
        pictures = [found for path in _files(self.out) if (found := _native(path)) is not None]
        padded = samples + b"\0" * (len(samples) % 2)
        equal = len(pictures) == 1 and pictures[0] in (samples, padded)
        return self._stage.observe(
            "samples", "reader", what=what, lie=lie, outcome=seen.data.get("outcome"),
            detail=seen.data.get("detail"), found=len(pictures), equal=equal,
        )  # fmt: skip

    def _drawn(self, seen: Observation, lie: str, digests: list[JSON], octets: int) -> None:
        self._stage.observe(
            "picture", "reader", lie=lie, outcome=seen.data.get("outcome"), digests=digests,
            detail=seen.data.get("detail"),
            bytes=max(octets, _number(seen.data.get("written_bytes")) if not digests else 0),
        )  # fmt: skip


def _number(value: JSON) -> int:
    return value if isinstance(value, int) else 0


def _files(folder: Path) -> Iterator[Path]:
    """The plain files below a folder, as many as matter."""
    count = 0
    for place, _, names in os.walk(folder):
        for name in names:
            path = Path(place, name)
            count += 1
            if count <= _MOST_FILES and path.is_file() and not path.is_symlink():
                yield path


def _digest(path: Path) -> tuple[str, int]:
    """Digest and size of a file, which is not taken into memory whole."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while part := file.read(_STEP):
            digest.update(part)
            size += len(part)
    return digest.hexdigest(), size


def _native(path: Path) -> bytes | None:
    """The samples of a DICOM file without compression, as another library than ours reads them."""
    if path.stat().st_size > _LARGEST:
        return None
    try:
        read = dcmread(path)
        native = str(read.file_meta.TransferSyntaxUID) in _NATIVE
        pixels = read.PixelData if native else None
    except Exception:  # whatever the library says of a device's octets
        return None
    return pixels if isinstance(pixels, bytes) else None
