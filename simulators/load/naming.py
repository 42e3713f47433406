"""What every object of a load is called: UIDs of one fixed length, and the mark in its pixels.

A UID is ``{uid_root}.{lane}.{number}``: a *lane* is what one association sends, a *number* counts
the objects in it. Both begin with a 1 and have a fixed width, so that a UID can be written over
another in an encoded message. The *content mark* repeats lane and number at the beginning of the
pixel data: when an object is fetched back, its name and its content must tell the same story.
Pure functions; no clock, no randomness.
"""

from __future__ import annotations

from typing import Final, NamedTuple

FIRST_LANE: Final = 100_000
"""What is added to a lane, so that no component begins with 0 and all have six digits."""

FIRST_NUMBER: Final = 1_000_000_000
"""What is added to a number, so that all have ten digits."""

MOST_LANES: Final = 10 * FIRST_LANE - FIRST_LANE
MOST_NUMBERS: Final = 10 * FIRST_NUMBER - FIRST_NUMBER

LANES_PER_WORKER: Final = 4096
"""Worker ``w`` has the lanes from ``w * 4096`` on: lanes are unique over all workers."""

DIGITS: Final = 10
"""Characters of the component that counts objects, the last of a SOP Instance UID."""

MARK_OCTETS: Final = 16
"""Length of a content mark."""

LONGEST_ROOT: Final = 40

_ROOT_DIGITS: Final = 33


class Place(NamedTuple):
    """Whose object it is: the lane that sent it and its number there."""

    lane: int
    number: int


def uid_root(token: int) -> str:
    """Returns a root for one load: 38 characters, so that its UIDs have an even length.

    Args:
        token: At least 100 random bits, so that no other load has the same root.
    """
    span: int = 10 ** (_ROOT_DIGITS - 1)
    return f"2.25.{span + token % (9 * span)}"


def lane_of(worker: int, association: int) -> int:
    """Returns the lane of a worker's association, both counted from 0.

    Raises:
        ValueError: A worker has no more than 4096 associations.
    """
    if not 0 <= association < LANES_PER_WORKER or worker < 0:
        raise ValueError(f"worker {worker} has no association {association}")
    return worker * LANES_PER_WORKER + association


def study_uid(root: str, lane: int) -> str:
    """Returns the Study Instance UID of everything that a lane sends.

    Raises:
        ValueError: There is no such lane.
    """
    if not 0 <= lane < MOST_LANES:
        raise ValueError(f"there is no lane {lane}")
    return f"{root}.{FIRST_LANE + lane}"


def series_uid(root: str, lane: int) -> str:
    """Returns the Series Instance UID of everything that a lane sends."""
    return f"{study_uid(root, lane)}.1"


def sop_instance_uid(root: str, lane: int, number: int) -> str:
    """Returns the SOP Instance UID of an object."""
    return f"{study_uid(root, lane)}.{digits(number).decode()}"


def transaction_uid(root: str, lane: int, number: int) -> str:
    """Returns the Transaction UID of a request for storage commitment (PS3.4 J.3.2)."""
    return f"{study_uid(root, lane)}.2.{digits(number).decode()}"


def digits(number: int) -> bytes:
    """Returns the last component of a SOP Instance UID: ten ASCII digits.

    Raises:
        ValueError: The number would need more digits.
    """
    if not 0 <= number < MOST_NUMBERS:
        raise ValueError(f"there is no object number {number}")
    return b"%d" % (FIRST_NUMBER + number)


def content_mark(lane: int, number: int = 0) -> bytes:
    """Returns the content mark: 16 ASCII digits, the first octets of the pixel data."""
    return b"%d" % (FIRST_LANE + lane) + digits(number)


def mark_of(uid: str) -> bytes:
    """Returns the mark that the object of that name must bear; empty if the name is not ours."""
    return "".join(uid.split(".")[-2:]).encode() if _is_ours(uid) else b""


def place_of(uid: str) -> Place | None:
    """Returns the place that a SOP Instance UID names; None if it is not one of ours."""
    return read_mark(mark_of(uid))


def read_mark(octets: bytes) -> Place | None:
    """Returns the place that a content mark names; None for any other octets."""
    raw = octets[:MARK_OCTETS]
    if len(raw) < MARK_OCTETS or not raw.isdigit() or raw[0:1] == b"0":
        return None
    number = int(raw[-DIGITS:]) - FIRST_NUMBER
    return Place(int(raw[:-DIGITS]) - FIRST_LANE, number) if number >= 0 else None


def _is_ours(uid: str) -> bool:
    lane, number = ("", "", *uid.split("."))[-2:]
    return (
        len(lane) + len(number) == MARK_OCTETS
        and len(number) == DIGITS
        and (lane + number).isascii()
        and (lane + number).isdigit()
    )
