"""What a careless web intake does with a document that came: it believes what the document says.

Loaded only by a device that has one of these flaws. Nothing is written beyond the bench's folders.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from simulators.devices.reference.channel import touch
from simulators.devices.reference.flaws import Flaws
from simulators.devices.reference.options import MIB
from simulators.devices.reference.storage import Arrival
from simulators.wire.reading import read_elements

_TITLE, _DOCUMENT, _LENGTH = 0x00420010, 0x00420011, 0x00420015
_CAP = 192 * MIB
_LEVELS = 2


def meet(arrival: Arrival, flaws: Flaws, root: Path) -> None:
    """Do with an encapsulated document what the flaws do with it.

    Args:
        arrival: The object.
        flaws: What is switched on.
        root: Where objects are stored.
    """
    if flaws.has("web_trusts_document_length"):
        said = int.from_bytes(arrival.values.get(_LENGTH, b""), "little")
        touch(min(said, _CAP))
    if flaws.has("web_unpacks_documents") and _TITLE in arrival.values:
        title = arrival.values[_TITLE].rstrip(b"\0 ").decode("utf-8", "replace")
        found = read_elements(arrival.data, arrival.transfer_syntax.decode()).elements
        octets = next((each.value for each in found if each.tag == _DOCUMENT), b"")
        _unpack(root, title, octets)


def _unpack(root: Path, title: str, octets: bytes) -> None:
    """Write a document under its own title, as far as that stays with the bench."""
    bench = root.resolve().parents[_LEVELS - 1]
    with suppress(OSError, ValueError):
        path = (root / title).resolve()
        if path.is_relative_to(bench):
            path.write_bytes(octets)
