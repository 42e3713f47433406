"""The data-flow diagram of the report: the threats of each flow, coloured by how they fared."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from harness.standing import State
from harness.threats import model as threats
from harness.threats.diagram import Share, Shares, diagram
from harness.threats.standing import Fared, tally

TONES: Mapping[State, str] = {
    State.BROKEN: "FAIL",
    State.UNDECIDED: "INCONCLUSIVE",
    State.MANUAL: "REVIEW",
    State.WAIVED: "WARN",
    State.WARNED: "WARN",
    State.HOLDS: "PASS",
    State.NOT_APPLICABLE: "NOT_APPLICABLE",
    State.NOT_TESTED: "NOT_APPLICABLE",
}
"""The verdict whose colour and sign stand for a state, worst first."""


def shares_of(fared: Mapping[str, Fared]) -> Shares:
    """How the threats of each flow fared, worst first; states that do not occur are left out."""
    shares: dict[str, list[Share]] = {}
    for name in threats.model().conduits:
        mine = (fared[one.id] for one in threats.load().values() if name in one.conduits)
        shares[name] = [
            Share(f"v-{TONES[state]}", count, words) for state, words, count in tally(mine)
        ]
    return shares


def pictures(fared: Mapping[str, Fared]) -> tuple[Markup, Markup]:
    """The diagram for a wide page and for a phone."""
    shares = shares_of(fared)
    title = told(shares)
    # Every string in it is our own catalogue's, and is escaped where it is drawn.
    wide, narrow = (Markup(diagram(shares, title, narrow=one)) for one in (False, True))
    return wide, narrow


def told(shares: Shares) -> str:
    """The diagram in words, for who does not see it."""
    flows = "; ".join(
        f"{threats.model().conduits[name].title}: "
        + ", ".join(f"{share.count} {share.words}" for share in found)
        for name, found in shares.items()
    )
    return f"Data flows of the device, and how the threats of each fared. {flows}"
