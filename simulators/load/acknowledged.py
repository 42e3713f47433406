"""Which objects a device acknowledged with success: the debt that it is held to afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from simulators.load import naming


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """The objects of one load, as ranges of their numbers: small whatever the load.

    Attributes:
        uid_root: What every UID of the load begins with.
        lanes: Numbers by lane; ranges of one lane do not overlap.
    """

    uid_root: str
    lanes: Mapping[int, tuple[range, ...]]

    @property
    def count(self) -> int:
        """How many objects."""
        return sum(len(part) for parts in self.lanes.values() for part in parts)

    def numbers(self, lane: int) -> Iterator[int]:
        """The numbers of one lane."""
        for part in self.lanes.get(lane, ()):
            yield from part

    def uids(self, lane: int) -> dict[str, int]:
        """The number of each object of one lane by its SOP Instance UID."""
        return {
            naming.sop_instance_uid(self.uid_root, lane, number): number
            for number in self.numbers(lane)
        }

    def sample(self, most: int) -> Acknowledged:
        """At most about so many of them, evenly spaced in every lane; all where they are fewer.

        Args:
            most: At least 1.
        """
        step = -(-self.count // most)
        if step <= 1:
            return self
        thinned = {
            lane: tuple(part[::step] for part in parts) for lane, parts in self.lanes.items()
        }
        return Acknowledged(self.uid_root, thinned)


def ranges(numbers: Iterable[int]) -> tuple[range, ...]:
    """Ascending numbers, none twice, as the fewest ranges."""
    found: list[range] = []
    for number in numbers:
        if found and found[-1].stop == number:
            found[-1] = range(found[-1].start, number + 1)
        else:
            found.append(range(number, number + 1))
    return tuple(found)
