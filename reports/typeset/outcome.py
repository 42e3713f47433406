"""What the run means to a reader, and how threats and requirements fared, on paper."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from harness import requirements
from harness.model import JSON
from harness.run import Run
from harness.standing import Standing, State, standings
from harness.threats.diagram import diagram
from harness.threats.model import Threat, load
from harness.threats.standing import Fared, fared
from reports.page.chair import ChairView, chair_of
from reports.page.place import PlaceView, place_of
from reports.page.relevance import Trouble
from reports.page.threat_picture import TONES, shares_of, told
from reports.typeset.text import line

_STATES = (
    State.BROKEN, State.UNDECIDED, State.WAIVED, State.WARNED, State.HOLDS, State.MANUAL,
    State.NOT_TESTED, State.NOT_APPLICABLE,
)  # fmt: skip
"""Columns of the table, worst first."""
_LISTED = (State.BROKEN, State.WAIVED, State.UNDECIDED, State.WARNED)
"""States whose requirements are named one by one."""
_MOST = 250


def sections(run: Run) -> dict[str, JSON]:
    """The sections by name; null where there is nothing to show."""
    return {
        "seat": _seat(chair_of(run)),
        "place": _place(place_of(run)),
        "threats": _threats(run),
        "coverage": _coverage(run),
    }


def _seat(chair: ChairView | None) -> JSON:
    if chair is None:
        return None
    return {
        "title": line(chair.title, 80),
        "asks": line(chair.asks, 300),
        "tone": chair.tone,
        "headline": line(chair.headline, 300),
        "concerns": [
            {
                "topic": line(one.topic, 100),
                "broken": line(one.broken, 400),
                "next": line(one.next, 400),
                "failures": [_trouble(item) for item in one.failures],
                "more": one.more,
            }
            for one in chair.concerns
        ],
        "undecided": [[line(title, 100), count] for title, count in chair.undecided],
        "good": [[line(title, 100), line(gain, 300), n] for title, gain, n in chair.good],
    }


def _place(place: PlaceView | None) -> JSON:
    if place is None:
        return None
    return {
        "title": line(place.title, 100),
        "text": line(place.text, 500),
        "responsible": place.responsible,
        "essential": [_trouble(item) for item in place.essential],
        "more": place.more,
    }


def _trouble(item: Trouble) -> JSON:
    return {
        "id": line(item.id, 40, longest=16),
        "title": line(item.title, 180),
        "severity": line(item.severity, 12, longest=8),
        "waived": item.waived,
    }


_INK = """
text{font-family:"Libertinus Serif";fill:#16202a;font-size:14px}
.zone{fill:#f1f3f5;stroke:#dde2e7}.zone-title{fill:#55616d;font-weight:600;font-size:13.5px}
.element{fill:#fff;stroke:#b8c1ca}.process{stroke:#135a8f;stroke-width:2}
.device-title{font-size:17px;font-weight:600}
.arrow{fill:none;stroke:#55616d;stroke-width:1.6}.head{fill:#55616d}
.flow-count,.boundary-name{fill:#55616d;font-size:12.5px}
.boundary{fill:none;stroke:#55616d;stroke-dasharray:4 4}
.share.v-FAIL{fill:#c8203a}.share.v-INCONCLUSIVE{fill:#8593a1}.share.v-REVIEW{fill:#3f77cf}
.share.v-WARN{fill:#e69f00}.share.v-PASS{fill:#1c9a72}.share.v-NOT_APPLICABLE{fill:#d3d9df}
"""
"""The colours of the diagram on paper: those of style.typ."""


def _threats(run: Run) -> JSON:
    found = fared(run.document)
    if not any(one.scenarios for one in found.values()):
        return None
    known = load()
    tried = [one for one in found.values() if one.scenarios]
    tried.sort(key=lambda one: list(TONES).index(one.state))
    shares = shares_of(found)
    return {
        "picture": diagram(shares, told(shares), style=_INK),
        "told": told(shares),
        "tried": [_threat(known[one.threat], one) for one in tried],
        "untried": [
            {"id": line(name, 40), "title": line(known[name].title, 160)}
            for name, one in found.items()
            if not one.scenarios
        ],
    }


def _threat(threat: Threat, one: Fared) -> JSON:
    return {
        "id": line(threat.id, 40),
        "title": line(threat.title, 160),
        "direction": threat.direction,
        "horizon": threat.horizon.words,
        "results": one.counted,
        "failed": one.failed,
        "tone": TONES[one.state],
        "words": one.words + (", in part" if one.partial else ""),
        "residual": line(threat.residual, 240),
    }


def _coverage(run: Run) -> JSON:
    fared = standings(run.document)
    if not fared:
        return None
    known = requirements.load()
    sets: dict[str, Counter[State]] = {}
    for name, one in fared.items():
        standard = known[name].standard if name in known else "not in this catalogue"
        sets.setdefault(standard, Counter())[one.state] += 1
    listed = sorted(
        (one for one in fared.values() if one.state in _LISTED),
        key=lambda one: (_LISTED.index(one.state), one.requirement),
    )
    return {
        "states": [state.value for state in _STATES],
        "sets": [
            {"name": line(name, 80), "counts": [counts[state] for state in _STATES]}
            for name, counts in sorted(sets.items())
        ],
        "listed": [_listed(one, known) for one in listed[:_MOST]],
        "left": max(0, len(listed) - _MOST),
    }


def _listed(one: Standing, known: Mapping[str, requirements.Requirement]) -> JSON:
    clause = known.get(one.requirement)
    return {
        "id": line(one.requirement, 60, longest=18),
        "state": one.state.value,
        "text": line(clause.text if clause else "", 220),
        "scenarios": line(", ".join(one.scenarios[:6]), 120),
        "reason": line(one.reason, 200),
    }
