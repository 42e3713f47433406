"""Specimens: files that are wrong in one way, for whoever reads files; packs offer them.

The harness knows no format. A pack of scenarios offers its shelves when it is imported, as it
declares its scenarios, so that a vendor's private pack is written out like ours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from harness.errors import CatalogueError

Files = Mapping[str, bytes]
"""Contents by path below the specimen's own folder; one path without a folder is one file."""

_shelves: dict[str, Shelf] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """Files that lie about the same thing.

    Attributes:
        name: Lower-case words with hyphens; the folder that they are written to.
        deviation: What is wrong with them, as one sentence.
        expectation: What a good reader does with them, as one sentence.
        makers: By name of the case, what makes its files from digits that mark them as ours.
        largest: Octets that no specimen of the shelf exceeds on disk.
    """

    name: str
    deviation: str
    expectation: str
    makers: Mapping[str, Callable[[str], Files]]
    largest: int = 2 << 20

    def files(self, case: str, token: str) -> Files:
        """The files of one case.

        Raises:
            CatalogueError: They are larger than the shelf permits, which is a defect of ours.
        """
        made = self.makers[case](token)
        if sum(map(len, made.values())) > self.largest:
            raise CatalogueError(f"{self.name}/{case}: larger than {self.largest} octets")
        return made

    def only(self, case: str, token: str) -> bytes:
        """The octets of a case that is one file."""
        (octets,) = self.files(case, token).values()
        return octets


def offer(shelf: Shelf) -> Shelf:
    """Puts a shelf at everybody's disposal.

    Raises:
        CatalogueError: Another shelf has that name.
    """
    if _shelves.setdefault(shelf.name, shelf) is not shelf:
        raise CatalogueError(f"the shelf '{shelf.name}' is offered twice")
    return shelf


def offered() -> Iterator[Shelf]:
    """Every shelf by name; the packs must have been loaded."""
    for name in sorted(_shelves):
        yield _shelves[name]
