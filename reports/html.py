"""The HTML scribe: one self-contained file that works from ``file://`` and meets no network.

What stands between a hostile device and the reader's browser is in :mod:`reports.walls`.
"""

from __future__ import annotations

from collections.abc import Sequence

from jinja2 import Environment
from markupsafe import Markup

from harness.run import Run
from reports.packing import WHOLE, Packed, packed
from reports.page.access import matrix_of
from reports.page.chair import chair_of
from reports.page.claims import claims_of
from reports.page.coverage import coverage_of
from reports.page.finding import view_of
from reports.page.load import loads_of
from reports.page.place import place_of
from reports.page.policies import policies_of
from reports.page.relevance import gravity
from reports.page.reviews import reviews_of
from reports.page.scheme import ladder_of
from reports.page.screens import has_screens
from reports.page.summary import MEANINGS, summary_of
from reports.page.surface import surfaces_of
from reports.page.threats import threats_of
from reports.page.waivers import waivers_of
from reports.page.zoo import zoo_of
from reports.rows import SEVERITIES, Row, mapped, rows_of
from reports.walls import asset, environment, policy

_STYLES = (
    "report.css", "tls.css", "access.css", "load.css", "threats.css", "chair.css", "scheme.css",
    "claims.css", "coverage.css", "reviews.css",
)  # fmt: skip


def render(run: Run) -> bytes:
    """The run as one HTML page, in UTF-8."""
    style, script = "".join(map(asset, _STYLES)), asset("report.js")
    rows = sorted(rows_of(run), key=lambda row: gravity(run, row))
    many = len(rows) > WHOLE
    templates = environment()
    page = templates.get_template("report.html.jinja")
    html = page.render(
        style=Markup(style),  # our own files, admitted by digest
        script=Markup(script),
        policy=policy(style, script, pictures=has_screens(run)),
        document=run.document,
        device=mapped(run.document, "device"),
        tool=mapped(run.document, "tool"),
        scope=mapped(run.document, "scope"),
        environment=mapped(run.document, "environment"),
        summary=summary_of(run, rows),
        ladder=ladder_of(run),
        claims=claims_of(run),
        waivers=waivers_of(run),
        chair=chair_of(run),
        place=place_of(run),
        threat_model=threats_of(run),
        coverage=coverage_of(run),
        reviews=reviews_of(run),
        policies=policies_of(run),
        surfaces=surfaces_of(run),
        zoo=zoo_of(run),
        matrix=matrix_of(run),
        loads=loads_of(run, rows),
        rows=rows,
        whole=not many,
        findings=[] if many else [view_of(row, run) for row in rows],
        packed=_packed(templates, run, rows) if many else None,
        families=sorted({(row.family, row.family_name) for row in rows}),
        severities=[name for name in SEVERITIES if any(row.severity == name for row in rows)],
        roles=sorted({row.role for row in rows}),
        meanings=MEANINGS,
    )
    return html.encode()


def _packed(templates: Environment, run: Run, rows: Sequence[Row]) -> Packed:
    shell = templates.get_template("finding.html.jinja")
    story = templates.get_template("story.html.jinja")
    return packed(
        run,
        rows,
        lambda view: shell.render(item=view, whole=False),
        lambda view: story.render(item=view),
    )
