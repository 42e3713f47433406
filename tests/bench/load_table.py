"""The rows of the load benchmark: which figures are compared, with which goal, and how told."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tests.bench.load_rivals import MIB, RAW, Figure, middle
from tests.bench.peers import SERVERS


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison.

    Attributes:
        work: What is done.
        ours, peer: Names of the two clients, keys of the figures.
        name: What the peer is called in the table.
        goal: What ours / peer is to be.
        unit: Of both figures: "/s", "MB/s" (`scale` octets an operation), "us".
        most: The goal is an upper bound.
    """

    work: str
    ours: str
    peer: str
    name: str
    goal: float
    unit: str = "/s"
    scale: float = 1.0
    most: bool = False

    def value(self, figure: Figure) -> float:
        """What is compared of a figure."""
        return figure.cpu_us if self.unit == "us" else figure.per_s * self.scale

    def ratio(self, ours: Sequence[Figure], peer: Sequence[Figure]) -> float:
        """The median over the rounds of ours / peer, so that a slow minute counts for both."""
        pairs = zip(ours, peer, strict=True)
        return statistics.median(self.value(mine) / self.value(theirs) for mine, theirs in pairs)

    def met(self, ratio: float) -> bool:
        """Tells whether that is good enough."""
        return ratio <= self.goal if self.most else ratio >= self.goal


_MB = 20 * MIB / 1e6
ROWS = (
    Row("C-STORE 10 KiB, one worker, 50 associations", "store-10k", "storescu", "storescu", 4),
    Row("the same, two workers", "store-10k-two", "storescu", "storescu", 8),
    Row(
        "C-STORE 10 KiB, client CPU per object",
        "store-10k", "storescu", "storescu", 0.35, "us", most=True,
    ),
    Row("C-STORE 512 KiB, one association", "store-512k", "dcmsend", "dcmsend", 2.5),
    Row(
        "C-STORE 20 MiB, one association",
        "store-20m", RAW, "Python socket, no DICOM", 0.8, "MB/s", _MB,
    ),
    Row("C-ECHO in one association", "echo", "echoscu", "echoscu --repeat", 1.1),
    Row("associate, C-ECHO, release, one worker", "associate", "dicom-echo", "dicom-echo", 0.6),
    Row("the same, two workers", "associate-two", "dicom-echo", "dicom-echo", 1.1),
    Row("C-STORE 10 KiB", "store-10k", "pynetdicom-10k", "pynetdicom", 20),
    Row("C-STORE 512 KiB", "store-512k", "pynetdicom-512k", "pynetdicom", 20),
    Row("C-STORE 20 MiB", "store-20m", "pynetdicom-20m", "pynetdicom", 20, "MB/s", _MB),
    Row("C-ECHO in one association", "echo", "pynetdicom-echo", "pynetdicom", 20),
    Row("associate, C-ECHO, release", "associate", "pynetdicom-associate", "pynetdicom", 20),
)  # fmt: skip

Found = Mapping[str, Sequence[Figure]]


def told(found: Found) -> Iterator[str]:
    """The comparison against the sink, a line for a row."""
    for row in ROWS:
        ratio = row.ratio(found[row.ours], found[row.peer])
        ours, peer = (_number(row, found[name]) for name in (row.ours, row.peer))
        verdict = "met" if row.met(ratio) else "MISSED"
        yield f"{row.work}: {ours}, {row.name} {peer}: {ratio:.2f} ({_goal(row)}: {verdict})"


def table(found: Found, devices: Mapping[str, Found]) -> Iterator[str]:
    """All of it in Markdown.

    Args:
        found: Figures against the sink, by client.
        devices: The same against real devices, by device.
    """
    names = [server.name for server in SERVERS]
    heads = ["work", "ours", "peer", "ours / peer", "goal", *(f"against {name}" for name in names)]
    yield f"| {' | '.join(heads)} |"
    yield f"|{':--|' * len(heads)}"
    for row in ROWS:
        ratio = row.ratio(found[row.ours], found[row.peer])
        mark = "" if row.met(ratio) else ", missed"
        cells = [
            row.work,
            _number(row, found[row.ours]),
            f"{row.name} {_number(row, found[row.peer])}",
            f"{ratio:.2f}",
            f"{_goal(row)}{mark}",
            *(_beside(row, devices.get(name, {}), found) for name in names),
        ]
        yield f"| {' | '.join(cells)} |"


def _beside(row: Row, device: Found, found: Found) -> str:
    """Both figures against a real device; a raw copy needs none."""
    ours = device.get(row.ours)
    peer = found[RAW] if row.peer == RAW else device.get(row.peer)
    if not ours or not peer:
        return ""
    mine, theirs = row.value(middle(ours)), row.value(middle(peer))
    return f"{_shown(row, mine)} / {_shown(row, theirs)} = {mine / theirs:.2f}"


def _number(row: Row, figures: Sequence[Figure]) -> str:
    return _shown(row, row.value(middle(figures)))


def _shown(row: Row, value: float) -> str:
    number = f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
    return f"{number}/s" if row.unit == "/s" else f"{number} {row.unit}"


def _goal(row: Row) -> str:
    return f"at {'most' if row.most else 'least'} {row.goal:g}"
