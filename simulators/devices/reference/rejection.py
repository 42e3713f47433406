"""Rejection notes: key objects that withdraw the objects that they name (IHE RAD-66).

Loaded by a device that was told whose notes have an effect, when one comes.
"""

import re

from simulators.devices.reference.uids import is_uid

_TITLES = re.compile(rb"1130(?:01|37|38|39)(?![0-9])")
_REFERENCED_INSTANCE = b"\x08\x00\x55\x11"


def is_rejection(data: bytes) -> bool:
    """Tell whether a key object bears one of the titles that reject (PS3.16 CID 7011)."""
    return _TITLES.search(data) is not None


def named_by(data: bytes) -> list[bytes]:
    """Return the SOP Instance UIDs that a little endian data set refers to, at any depth."""
    found: list[bytes] = []
    for match in re.finditer(re.escape(_REFERENCED_INSTANCE), data):
        at = match.end()
        # Explicit VR has the VR and a short length where implicit VR has a long one.
        length = data[at + 2 : at + 4] if data[at : at + 2] == b"UI" else data[at : at + 4]
        uid = data[at + 4 : at + 4 + int.from_bytes(length, "little")].rstrip(b"\0")
        if is_uid(uid):
            found.append(uid)
    return found
