"""Objects in a device with web services: listed by QIDO-RS, fetched back by WADO-RS (PS3.18 10)."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from pydicom import dcmread

from harness.model import JSON
from simulators.load import naming
from simulators.load.plan import Target
from simulators.load.verify import WayError
from simulators.load.waiting import LinkError
from simulators.load.web import WebLink
from simulators.load.web_requests import Retrieve, Search, WebRequest

PAGE: Final = 500
"""Objects that one query asks for; a server may return fewer, and is asked for the rest."""

_MOST_PAGES: Final = 10_000


class Searches:
    """QIDO-RS for instances: the names that an archive has in a series.

    Args:
        target: The device; its `web` is the base URL.
        uid_root: What every UID of the load begins with.
        timeout_s: How long an answer may take.
    """

    name = "QIDO-RS"

    def __init__(self, target: Target, uid_root: str, *, timeout_s: float = 30.0) -> None:
        self._target, self._root = target, uid_root
        self._link = WebLink(target, timeout_s=timeout_s)

    def holds(self, lane: int, names: Mapping[str, int], *, whole: bool) -> Counter[str]:
        """How often the archive names each object.

        Raises:
            WayError: It does not answer queries, or not with a list.
        """
        del whole
        study, series = naming.study_uid(self._root, lane), naming.series_uid(self._root, lane)
        found: Counter[str] = Counter()
        before: list[str] = []
        offset = 0
        for _ in range(_MOST_PAGES):
            page = f"studies/{study}/series/{series}/instances?limit={PAGE}&offset={offset}"
            rows = self._rows(Search(self._target, page))
            named = [_sop_instance(row) for row in rows]
            if not named or named == before:  # a server that does not know "offset"
                return found
            found.update(uid for uid in named if uid in names)
            before = named
            offset += len(named)
        raise WayError("QIDO-RS: pages without end")

    def close(self) -> None:
        """Closes the connection."""
        self._link.close()

    def _rows(self, request: WebRequest) -> list[Mapping[str, JSON]]:
        try:
            return self._link.query(request)
        except LinkError as error:
            raise WayError(f"{self.name}: {error}") from error


class Retrievals:
    """WADO-RS: the objects themselves.

    Args:
        target: The device; its `web` is the base URL.
        timeout_s: How long an answer may take.
    """

    name = "WADO-RS"

    def __init__(self, target: Target, *, timeout_s: float = 30.0) -> None:
        self._target = target
        self._link = WebLink(target, timeout_s=timeout_s)

    def contents(
        self, lane: int, names: Sequence[str], *, whole: bool
    ) -> Iterable[tuple[str, bytes]]:
        """Fetches objects by their names, one after another.

        Raises:
            WayError: The archive gives nothing back, or broke off.
        """
        del lane, whole
        request = Retrieve(self._target, names)
        for number in range(len(names)):
            try:
                files = self._link.fetch(request, number)
            except LinkError as error:
                raise WayError(f"{self.name}: {error}") from error
            yield from _marks(files)

    def close(self) -> None:
        """Closes the connection."""
        self._link.close()


def _sop_instance(row: Mapping[str, JSON]) -> str:
    """SOP Instance UID of a row; empty if it names none."""
    element = row.get("00080018")
    values = element.get("Value") if isinstance(element, Mapping) else None
    return str(values[0]) if isinstance(values, list) and values else ""


def _marks(files: Sequence[bytes]) -> Iterator[tuple[str, bytes]]:
    for octets in files:
        try:
            read = dcmread(io.BytesIO(octets))
            pixels = read.get("PixelData", b"")
            yield str(read.get("SOPInstanceUID", "")), bytes(pixels[: naming.MARK_OCTETS])
        except Exception:  # whatever pydicom says of a device's octets
            yield "", b""
