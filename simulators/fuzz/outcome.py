"""How a script went, and how patiently it is played."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

LETTERS: Final = {
    "A": "accepted", "R": "rejected", "B": "aborted", "S": "answered", "L": "released",
    "G": "garbage", "C": "closed", "X": "reset", "T": "silent", "N": "no connection",
    "F": "served without an association", "-": "spared",
}  # fmt: skip
"""What the letter of an outcome means: the device's last word, or how it ended without one."""


class Seen(NamedTuple):
    """How one script went.

    Attributes:
        number: Of the script.
        letter: See `LETTERS`.
        types: Types of the PDUs that came, the first few.
        began: Monotonic seconds.
        ended: Monotonic seconds.
        lingered: The device kept the connection open although our side had ended it.
        emitted: Octets that left.
        cut_short: We ended it before its time.
        undelivered: The association ended before it was this one's turn.
    """

    number: int
    letter: str
    types: tuple[int, ...]
    began: float
    ended: float
    lingered: bool
    emitted: int
    cut_short: bool = False
    undelivered: bool = False


@dataclass(slots=True)
class Pace:
    """How patient the player is.

    Attributes:
        width: Scripts at a time.
        spare: Further connections that only wait for the device to let go.
        patience_s: How long an answer is waited for at most; less where the device's last answers
            came sooner, but at least a twentieth.
        linger_s: How long, after our end, for the device to let go.
    """

    width: int = 8
    spare: int = 8
    patience_s: float = 1.0
    linger_s: float = 3.0
