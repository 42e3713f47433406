"""The section "Threat model": how each threat fared, and what stays whatever the device does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from harness.run import Run
from harness.standing import State
from harness.threats import model as threats
from harness.threats.diagram import numbered
from harness.threats.model import STRIDE, Assumption, Horizon, Threat
from harness.threats.standing import Fared, fared, tally
from reports.page.threat_picture import TONES, pictures

_MOST_SCENARIOS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreatView:
    """One threat of the page.

    Attributes:
        tone: Name of the verdict whose colour and sign it bears.
        words: How it fared.
        scenarios: Ids of results, worst first; at most a dozen.
        more: How many results are left out.
        facts: Direction, actor, asset and the rest, as (name, text).
    """

    id: str
    title: str
    tone: str
    words: str
    reason: str
    partial: bool
    horizon: str
    scenarios: tuple[str, ...]
    more: int
    it_view: str
    ot_view: str
    residual: str
    left_out: str
    answered_by: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class FlowView:
    """One flow of the picture in words: its boundary's short name and what it carries."""

    title: str
    boundary: str
    carries: str
    threats: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreatsView:
    """The whole section.

    Attributes:
        wide: The data-flow diagram.
        narrow: The same for a phone.
        counts: (name of the verdict whose colour stands for it, how many, how they fared).
        boundaries: (short name, title) of each trust boundary.
        horizons: (when, how many threats, how many of them got through).
    """

    wide: Markup
    narrow: Markup
    counts: tuple[tuple[str, int, str], ...]
    boundaries: tuple[tuple[str, str], ...]
    horizons: tuple[tuple[str, int, int], ...]
    flows: tuple[FlowView, ...]
    assumptions: tuple[Assumption, ...]
    threats: tuple[ThreatView, ...]


def threats_of(run: Run) -> ThreatsView | None:
    """The section of a run; None when no result of it names a threat that we know."""
    found = fared(run.document)
    if not any(one.scenarios for one in found.values()):
        return None
    model = threats.model()
    wide, narrow = pictures(found)
    order = list(TONES)
    ranked = sorted(found.values(), key=lambda one: order.index(one.state))
    names = numbered()
    return ThreatsView(
        wide=wide,
        narrow=narrow,
        counts=_counts(found),
        boundaries=tuple((names[one.id], one.title) for one in model.boundaries.values()),
        horizons=tuple(_horizon(one, found) for one in Horizon),
        flows=tuple(
            FlowView(
                one.title,
                names[one.boundary],
                one.carries,
                sum(one.id in threat.conduits for threat in model.threats.values()),
            )
            for one in model.conduits.values()
        ),
        assumptions=tuple(model.assumptions.values()),
        threats=tuple(_view(model.threats[one.threat], one) for one in ranked),
    )


def _counts(found: Mapping[str, Fared]) -> tuple[tuple[str, int, str], ...]:
    return tuple((TONES[state], count, words) for state, words, count in tally(found.values()))


def _horizon(horizon: Horizon, found: Mapping[str, Fared]) -> tuple[str, int, int]:
    mine = [found[one.id] for one in threats.load().values() if one.horizon is horizon]
    return horizon.words, len(mine), sum(one.state is State.BROKEN for one in mine)


def _view(threat: Threat, one: Fared) -> ThreatView:
    model = threats.model()
    stride = ", ".join(STRIDE[letter] for letter in threat.stride)
    flows = ", ".join(model.conduits[name].title for name in threat.conduits)
    return ThreatView(
        id=threat.id,
        title=threat.title,
        tone=TONES[one.state],
        words=one.words,
        reason=one.reason,
        partial=one.partial,
        horizon=threat.horizon.words,
        scenarios=one.scenarios[:_MOST_SCENARIOS],
        more=max(0, len(one.scenarios) - _MOST_SCENARIOS),
        it_view=threat.it_view,
        ot_view=threat.ot_view,
        residual=threat.residual,
        left_out=threat.partly or threat.untested,
        answered_by=threat.answered_by,
        facts=(
            ("Direction", threat.direction),
            ("Actor", model.actors[threat.actor].title),
            ("Asset", model.assets[threat.asset].title),
            ("Kind", stride),
            ("Comes along", flows),
            ("Harms", model.zones[threat.zone].title),
        ),
    )
