"""What TLS was offered and accepted, drawn from the observations of :mod:`harness.tls_surface`.

One picture a side. Whatever an observation lacks is left out of the picture; what the device could
have put into it is text and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from harness.model import JSON
from harness.run import Run
from harness.tls_surface import KIND
from reports.page.grades import (
    VERSIONS,
    Grade,
    bits_of,
    is_post_quantum,
    of_group,
    of_scheme,
    of_suite,
    of_version,
)
from reports.rows import listed, mapped, mappings, text, words

SIDES = ("acceptor", "requestor")

_MOST_ROWS = 400
_CERTIFICATES = ("certificate", "other_certificates")
_DRAWN = frozenset(
    {"side", "versions", "suites", "groups", "signature_schemes", "unsure", *_CERTIFICATES}
)
_PREFERENCES: Mapping[str, str] = {
    "server": "the device's own order decides",
    "client": "the peer's order decides",
    "unknown": "unknown whose order decides",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One version: ``taken`` if it was negotiated or offered; ``how`` it ended otherwise."""

    version: str
    answer: str
    how: str
    taken: bool
    grade: Grade


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One suite or group: ``places`` has, by column, its place in the order of preference.

    A place is "" where it was not taken, and "✓" where its order is not known.
    """

    name: str
    note: str
    grade: Grade
    places: tuple[str, ...]
    quantum: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Surface:
    """The picture of one side; facts are pairs of a label and a text.

    ``unsure`` names what was not, or not wholly, found out, and why.
    """

    side: str
    columns: tuple[Column, ...]
    suite_columns: tuple[str, ...]
    suites: tuple[Line, ...]
    group_columns: tuple[str, ...]
    groups: tuple[Line, ...]
    schemes: tuple[tuple[str, Grade], ...]
    facts: tuple[tuple[str, str], ...]
    certificate: tuple[tuple[str, str], ...]
    unsure: tuple[tuple[str, str], ...]

    @property
    def counts(self) -> tuple[tuple[Grade, int], ...]:
        """How many suites there are of each grade that occurs, worst first."""
        grades = [line.grade for line in self.suites]
        worst_first = sorted(set(grades), key=lambda grade: grade.rank)
        return tuple((grade, grades.count(grade)) for grade in worst_first)


def surfaces_of(run: Run) -> tuple[Surface, ...]:
    """At most one picture a side: the last that was judged, as for the profiles."""
    judged = (run.plays.get(name, ()) for names in run.chosen.values() for name in names)
    seen = (item for play in judged for item in play if item.kind == KIND)
    drawn = {surface.side: surface for surface in (surface_of(item.data) for item in seen)}
    return tuple(drawn[side] for side in SIDES if side in drawn)


def surface_of(data: Mapping[str, JSON]) -> Surface:
    """One observation as a picture; total."""
    suites, groups = mapped(data, "suites"), mapped(data, "groups")
    names = _in_order({*mapped(data, "versions"), *suites})
    columns = tuple(_column(name, mapped(data, "versions"), suites) for name in names)
    suite_columns = tuple(name for name in names if listed(suites, name))
    group_columns = tuple(name for name in _in_order(groups) if listed(groups, name))
    return Surface(
        side=text(data, "side"),
        columns=columns,
        suite_columns=suite_columns,
        suites=_lines(suites, suite_columns, _suite),
        group_columns=group_columns,
        groups=_lines(groups, group_columns, _group),
        schemes=tuple(
            (name, of_scheme(name)) for name in _names(listed(data, "signature_schemes"))
        ),
        facts=_facts(data),
        certificate=_pairs(mapped(data, "certificate"))
        + tuple(("besides", words(item)) for item in mappings(data, "other_certificates")),
        unsure=tuple((text(item, "what"), text(item, "why")) for item in mappings(data, "unsure")),
    )


def _in_order(names: Iterable[str]) -> list[str]:
    """Versions by age; what is no known version comes last."""
    known = {name: at for at, name in enumerate(VERSIONS)}
    return sorted(names, key=lambda name: (known.get(name, len(known)), name))


def _column(name: str, versions: Mapping[str, JSON], suites: Mapping[str, JSON]) -> Column:
    told = mapped(versions, name)
    answer = text(told, "answer") or words(versions.get(name))
    answer = answer or ("accepted" if listed(suites, name) else "not known")
    taken = answer in ("accepted", "offered")
    return Column(
        version=name,
        answer=answer,
        how=text(told, "how"),
        taken=taken,
        grade=of_version(name) if taken else Grade.UNKNOWN,
    )


def _lines(
    table: Mapping[str, JSON],
    columns: Sequence[str],
    graded: Callable[[str, Mapping[str, JSON]], tuple[Grade, str]],
) -> tuple[Line, ...]:
    """A line for each name in the lists of the columns: worst grade first, then as preferred."""
    places: dict[str, dict[str, str]] = {}
    details: dict[str, Mapping[str, JSON]] = {}
    for column in reversed(columns):
        for item in listed(table, column):
            entry = item if isinstance(item, Mapping) else {"name": item}
            name = text(entry, "name") or text(entry, "code")
            details.setdefault(name, entry)
            places.setdefault(name, {})[column] = text(entry, "order") or "✓"
    made = []
    for name, held in places.items():
        grade, note = graded(name, details[name])
        row = tuple(held.get(column, "") for column in columns)
        made.append(
            Line(name=name, note=note, grade=grade, places=row, quantum=is_post_quantum(name))
        )
    return tuple(sorted(made, key=lambda line: line.grade.rank)[:_MOST_ROWS])


def _suite(name: str, entry: Mapping[str, JSON]) -> tuple[Grade, str]:
    return of_suite(name, text(entry, "class"))


def _group(name: str, entry: Mapping[str, JSON]) -> tuple[Grade, str]:
    told = entry.get("bits")
    size = told if isinstance(told, int) else bits_of(name)
    return of_group(name, size), f"{size} bits" if size else ""


def _names(items: Sequence[JSON]) -> list[str]:
    return [text(item, "name") if isinstance(item, Mapping) else words(item) for item in items]


def _facts(data: Mapping[str, JSON]) -> tuple[tuple[str, str], ...]:
    """Everything else that the observation says, as labels and texts."""
    rest = {key: value for key, value in data.items() if key not in _DRAWN}
    preference = text(data, "preference")
    if preference in _PREFERENCES:
        rest["preference"] = _PREFERENCES[preference]
    return _pairs(rest)


def _pairs(data: Mapping[str, JSON]) -> tuple[tuple[str, str], ...]:
    pairs = ((key.replace("_", " "), words(value)) for key, value in data.items())
    return tuple((label, told) for label, told in pairs if told)
