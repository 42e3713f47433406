"""What several scenarios of viewers share."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from typing import Final

from harness.model import Claim
from harness.oracles.browser import ANSWERED, KEPT_OUT, READ
from harness.stage import Stage
from simulators.browser.planting import browser_of
from simulators.web.request import Request
from simulators.web.target import entitled

SEEN: Final = frozenset({Claim.WEB_STOW, Claim.BROWSER_PAGES})
HANDED: Final = frozenset({Claim.WEB_STOW, Claim.BROWSER_DOCUMENT})
LINKED: Final = frozenset({Claim.WEB_STOW, Claim.BROWSER_VIEWER})

_HEAD: Final = "<!DOCTYPE html><title>Prizes</title>"

PDF: Final = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 72]>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)

ACTIVE: Final[Mapping[str, str]] = {
    "text/html": (
        "<!DOCTYPE html><title>Report</title><p>Report<script>{call}(1)</script>"
        "<img src=x id={id} onerror={call}(2)>"
    ),
    "image/svg+xml": (
        '<svg xmlns="http://www.w3.org/2000/svg" id="{id}" onload="{call}(1)">'
        "<script>{call}(2)</script><text y='20'>Report</text></svg>"
    ),
    "text/xml": (
        '<?xml version="1.0"?><ClinicalDocument xmlns="urn:hl7-org:v3"><title>Report</title>'
        '<h:script xmlns:h="http://www.w3.org/1999/xhtml" id="{id}">{call}(1)</h:script>'
        "</ClinicalDocument>"
    ),
}
"""Documents with script that says that it ran, by what they say that they are."""


def act(stage: Stage, mark: str) -> Request:
    """The action of the profile as an entitled client does it, without a page."""
    action = browser_of(stage).action
    assert action is not None
    kind = "application/x-www-form-urlencoded" if action.type == "form" else "text/plain"
    body = action.body.replace("{mark}", mark).encode()
    return entitled(
        stage,
        Request(method="POST", target=action.path, headers=(("Content-Type", kind),), body=body),
    )


def shown_at(stage: Stage) -> Request:
    """Asks where the change of the action shows; without a token."""
    action = browser_of(stage).action
    assert action is not None
    return Request(target=action.shows)


def foreign_form(target: str, body: str, kind: str) -> str:
    """A page that posts as soon as it is opened, in a way that asks nobody before."""
    if kind == "text":
        post = f"{{method: 'POST', mode: 'no-cors', credentials: 'include', body: {_script(body)}}}"
        return (
            f"<!DOCTYPE html><title>Prizes</title><script>fetch({_script(target)}, {post})</script>"
        )
    pairs = (each.partition("=") for each in body.split("&"))
    fields = "".join(
        f'<input name="{html.escape(name)}" value="{html.escape(value)}">'
        for name, _, value in pairs
    )
    form = f'<form method="post" action="{html.escape(target)}">{fields}</form>'
    return f"{_HEAD}{form}<script>document.forms[0].submit()</script>"


def foreign_reader(target: str, name: str, call: str) -> str:
    """A page that says whether it could read another one with its visitor's credentials."""
    script = (
        f"fetch({_script(target)}, {{credentials: 'include'}}).then(answer => answer.text())"
        f".then(text => {call}(text.includes({_script(name)}) ? {READ} : {ANSWERED}))"
        f".catch(() => {call}({KEPT_OUT}));"
    )
    return f"{_HEAD}<script>{script}</script>"


def _script(text: str) -> str:
    return json.dumps(text).replace("<", "\\u003c")
