"""The HTML scribe: one self-contained file that works from ``file://`` and meets no network.

Three walls stand between a hostile device and the reader's browser: control and bidirectional
characters are spelt out (:mod:`reports.text`), jinja2 escapes every value, and a content security
policy admits only our own style and script, by digest (CSP Level 3, 2.3.1), so that injected script
would not run even if the other two fell.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from harness.run import Run
from reports.packing import WHOLE, Packed, packed
from reports.page.access import matrix_of
from reports.page.finding import view_of
from reports.page.load import loads_of
from reports.page.policies import policies_of
from reports.page.scheme import ladder_of
from reports.page.summary import MEANINGS, summary_of
from reports.page.surface import surfaces_of
from reports.page.threats import threats_of
from reports.page.waivers import waivers_of
from reports.page.zoo import zoo_of
from reports.rows import SEVERITIES, Row, mapped, rows_of, words
from reports.text import one_line, visible

_STYLES = ("report.css", "tls.css", "access.css", "load.css", "threats.css", "scheme.css")


def render(run: Run) -> bytes:
    """The run as one HTML page, in UTF-8."""
    style, script = "".join(map(_asset, _STYLES)), _asset("report.js")
    rows = sorted(rows_of(run), key=lambda row: row.gravity)
    many = len(rows) > WHOLE
    environment = _environment()
    page = environment.get_template("report.html.jinja")
    html = page.render(
        style=Markup(style),  # our own files, admitted by digest
        script=Markup(script),
        policy=_policy(style, script),
        document=run.document,
        device=mapped(run.document, "device"),
        tool=mapped(run.document, "tool"),
        scope=mapped(run.document, "scope"),
        environment=mapped(run.document, "environment"),
        summary=summary_of(run, rows),
        ladder=ladder_of(run),
        waivers=waivers_of(run),
        threat_model=threats_of(run),
        policies=policies_of(run),
        surfaces=surfaces_of(run),
        zoo=zoo_of(run),
        matrix=matrix_of(run),
        loads=loads_of(run, rows),
        rows=rows,
        whole=not many,
        findings=[] if many else [view_of(row, run) for row in rows],
        packed=_packed(environment, run, rows) if many else None,
        families=sorted({(row.family, row.family_name) for row in rows}),
        severities=[name for name in SEVERITIES if any(row.severity == name for row in rows)],
        roles=sorted({row.role for row in rows}),
        meanings=MEANINGS,
    )
    return html.encode()


def _packed(environment: Environment, run: Run, rows: Sequence[Row]) -> Packed:
    shell = environment.get_template("finding.html.jinja")
    story = environment.get_template("story.html.jinja")
    return packed(
        run,
        rows,
        lambda view: shell.render(item=view, whole=False),
        lambda view: story.render(item=view),
    )


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("reports", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["words"] = words
    environment.filters["brief"] = one_line
    return environment


def _shown(value: object) -> object:
    """Every value on its way into the page; markup of our own templates passes as it is."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return visible(value)
    return value


def _asset(name: str) -> str:
    return (files("reports") / "templates" / name).read_text("utf-8")


def _policy(style: str, script: str) -> str:
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src '{_digest(style)}'",
            f"script-src '{_digest(script)}'",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _digest(source: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
