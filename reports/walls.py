"""The walls of every page: what a template may show, and what a browser may do with it.

Three of them stand between a hostile device and the reader's browser: control and bidirectional
characters are spelt out (:mod:`reports.text`), jinja2 escapes every value, and a content security
policy admits only our own style and script, by digest (CSP Level 3, 2.3.1), so that injected script
would not run even if the other two fell.
"""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from reports.rows import words
from reports.text import one_line, visible


def environment() -> Environment:
    """Our templates, with every value escaped and every acting character spelt out."""
    made = Environment(
        loader=PackageLoader("reports", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["words"] = words
    made.filters["brief"] = one_line
    made.filters["urlencode"] = _addressed
    return made


def asset(name: str) -> str:
    """A file of ours beside the templates."""
    return (files("reports") / "templates" / name).read_text("utf-8")


def policy(style: str, script: str = "", *, pictures: bool = False) -> str:
    """The content security policy of a page with this style and this script, and nothing else.

    Args:
        style: Its style.
        script: Its script.
        pictures: It has pictures within itself.
    """
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src '{_digest(style)}'",
            f"script-src '{_digest(script)}'" if script else "script-src 'none'",
            *(["img-src data:"] if pictures else []),
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _addressed(value: str) -> str:
    """Text as a part of an address; total, where jinja2's own filter fails at a lone surrogate."""
    return quote(visible(value), safe="/")


def _shown(value: object) -> object:
    """Every value on its way into the page; markup of our own templates passes as it is."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return visible(value)
    return value


def _digest(source: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
