"""``docs/threat-model.md`` and its picture, made from the model and the registry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from harness import markup
from harness.model import Scenario
from harness.threats import coverage as threat_coverage
from harness.threats import model as threats
from harness.threats.coverage import Exercise
from harness.threats.diagram import Share, Shares, diagram, numbered
from harness.threats.model import STRIDE, Horizon, Threat

Catalogue = Mapping[str, Scenario]

_STATUSES: Mapping[str, str] = {
    "exercised": "full",
    "in part": "part",
    "by a person": "person",
    "not exercised": "nothing",
}
"""Class of the colour in the picture, by status."""

_STYLE = """
svg{font-family:system-ui,sans-serif;background:#fff;color-scheme:light dark}
text{fill:#16202a;font-size:13px}
.zone{fill:#f1f3f5;stroke:#dde2e7}.zone-title{fill:#55616d;font-weight:650;font-size:12.5px}
.element{fill:#fff;stroke:#b8c1ca}.process{stroke:#135a8f;stroke-width:2}
.device-title{font-size:16px;font-weight:650}
.arrow{fill:none;stroke:#55616d;stroke-width:2}.head{fill:#55616d}
.flow-count,.boundary-name{fill:#55616d;font-size:12px}
.boundary{fill:none;stroke:#55616d;stroke-dasharray:4 4}
.share.full{fill:#1c9a72}.share.part{fill:#e69f00}.share.person{fill:#3f77cf}.share.nothing{fill:#d3d9df}
@media (prefers-color-scheme:dark){
svg{background:#0f1419}text{fill:#e6ebf0}.zone{fill:#171d24;stroke:#2a333d}
.element{fill:#0f1419;stroke:#46525e}.process{stroke:#7cbcf0}
.zone-title,.flow-count,.boundary-name{fill:#9aa7b4}
.arrow,.boundary{stroke:#9aa7b4}.head{fill:#9aa7b4}.share.nothing{fill:#3b4651}
}
"""


def picture(catalogue: Catalogue) -> str:
    """The data-flow diagram as an SVG file: the threats of each flow by what exercises them."""
    shares = _shares(threat_coverage.exercised(catalogue))
    titles = threats.model().conduits
    told = "; ".join(
        f"{titles[name].title}: "
        + ", ".join(f"{one.count} {one.words}" for one in found if one.count)
        for name, found in shares.items()
    )
    return diagram(shares, f"Data flows of a device and their threats. {told}", style=_STYLE) + "\n"


def page(catalogue: Catalogue, notice: str) -> str:
    """Markdown: the frame of the model, then every threat by horizon."""
    model, exercised = threats.model(), threat_coverage.exercised(catalogue)
    found = [one.status for one in exercised.values()]
    counts = ", ".join(f"{found.count(status)} {status}" for status in _STATUSES)
    lines = [
        "# Threat model",
        notice,
        f"{len(model.threats)} threats: {counts}. *Exercised* means that scenarios attack along "
        "it, in the role that its direction asks for; [the catalogue](catalogue.md) describes "
        "them. `assay threats RUN` says how each fared in a run, and so does the report.",
        "![Data flows of a device, with zones and trust boundaries](threat-model.svg)",
        "The bar of a flow shows its threats: green exercised, amber in part, blue answered by a "
        "person, grey not exercised.",
        "- [Assumptions](#assumptions)\n- [Actors and assets](#actors-and-assets)\n"
        "- [Zones, boundaries and flows](#zones-boundaries-and-flows)\n"
        + "\n".join(f"- [{_heading(one)}](#{_anchor(_heading(one))})" for one in Horizon),
        "## Assumptions",
        markup.table(
            ("Assumption", "Direction", "What is assumed"),
            [
                (one.title, one.direction, markup.text(one.text))
                for one in model.assumptions.values()
            ],
        ),
        *_frame(),
    ]
    for horizon in Horizon:
        lines.append(f"## {_heading(horizon)}")
        for threat in model.threats.values():
            if threat.horizon is horizon:
                lines += _threat(threat, exercised[threat.id])
    return markup.page(lines)


def _shares(exercised: Mapping[str, Exercise]) -> Shares:
    shares: dict[str, Sequence[Share]] = {}
    for name in threats.model().conduits:
        mine = [one.id for one in threats.load().values() if name in one.conduits]
        found = [exercised[one].status for one in mine]
        shares[name] = [
            Share(css, found.count(status), status) for status, css in _STATUSES.items()
        ]
    return shares


def _frame() -> list[str]:
    model, names = threats.model(), numbered()
    zones = model.zones
    return [
        "## Actors and assets",
        markup.table(
            ("Actor", "With what"), [(one.title, one.means) for one in model.actors.values()]
        ),
        markup.table(
            ("Asset", "Who answers for it"),
            [(one.title, one.owner) for one in model.assets.values()],
        ),
        "## Zones, boundaries and flows",
        "Zones and conduits follow the idea of IEC 62443-3-2, which was not read for this page.",
        markup.table(("Zone", "Scope"), [(one.title, one.scope) for one in zones.values()]),
        markup.table(
            ("Boundary", "Trust ends", "Zones"),
            [
                (names[one.id], one.title, " and ".join(zones[each].title for each in one.between))
                for one in model.boundaries.values()
            ],
        ),
        markup.table(
            ("Flow", "Boundary", "Carries"),
            [(one.title, names[one.boundary], one.carries) for one in model.conduits.values()],
        ),
    ]


def _threat(threat: Threat, exercise: Exercise) -> list[str]:
    model = threats.model()
    flows = ", ".join(model.conduits[name].title.lower() for name in threat.conduits)
    facts = {
        "Who and what": f"{model.actors[threat.actor].title}; {threat.direction}; "
        f"{model.assets[threat.asset].title.lower()}",
        "Kind": ", ".join(STRIDE[letter] for letter in threat.stride),
        "Where": f"{flows} ({numbered()[threat.boundary]}); harms {model.zones[threat.zone].title}",
        "IT view": markup.text(threat.it_view),
        "OT view": markup.text(threat.ot_view),
        "Exercised by": _exercised(exercise),
        "Not exercised": markup.text(threat.partly or threat.untested),
        "Answered by": ", ".join(markup.requirement_link(name) for name in threat.answered_by),
        "What is left": markup.text(threat.residual),
    }
    listed = "\n".join(f"- {name}: {value}" for name, value in facts.items() if value)
    return [f"### {threat.id}", f"**{markup.text(threat.title)}**", listed]


def _exercised(exercise: Exercise) -> str:
    parts = [
        f"{role}: {', '.join(markup.link(name, page='catalogue.md') for name in names)}"
        for role, names in (
            ("acceptor", exercise.acceptor),
            ("requestor", exercise.requestor),
            ("reader", exercise.reader),
        )
        if names
    ]
    if exercise.attested:
        links = (markup.link(name, page="catalogue.md") for name in exercise.attested)
        parts.append(f"by a person: {', '.join(links)}")
    if exercise.through:
        links = (f"[{name}](#{_anchor(name)})" for name in exercise.through)
        parts.append(f"in part through {', '.join(links)}")
    return "; ".join(parts)


def _heading(horizon: Horizon) -> str:
    return "To be answered " + horizon.words


def _anchor(heading: str) -> str:
    return heading.lower().replace(" ", "-")
