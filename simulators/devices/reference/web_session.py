"""Signed-in browsers: a cookie with the token, which counts only where no stranger is at work."""

from __future__ import annotations

from collections.abc import Mapping

from simulators.devices.reference.flaws import Flaws
from simulators.devices.reference.web_message import Request

_NAME = "session"
_BEARER = "bearer "
_OWN = ("", "none", "same-origin")
"""``Sec-Fetch-Site`` of what the visitor did himself, and of browsers that do not send it."""


def cookie(request: Request, flaws: Flaws) -> Mapping[str, str]:
    """Return the field that gives a browser its cookie (RFC 6265 4.1)."""
    bearer = request.first("authorization")[len(_BEARER) :].strip()
    limits = "" if flaws.has("viewer_takes_foreign_posts") else "; SameSite=Strict"
    return {"Set-Cookie": f"{_NAME}={bearer}; Path=/; HttpOnly{limits}"}


def token_of(request: Request, flaws: Flaws) -> str:
    """Return the token of a signed-in browser; nothing where none is, or a stranger made it ask."""
    found = [
        value
        for field in request.every("cookie")
        for name, _, value in (pair.strip().partition("=") for pair in field.split(";"))
        if name == _NAME
    ]
    strange = request.first("sec-fetch-site") not in _OWN
    careless = flaws.any_of(
        "viewer_shares_session", "viewer_may_be_framed", "viewer_takes_foreign_posts"
    )
    if len(found) != 1 or (strange and not careless):
        return ""
    return found[0]


def is_foreign(request: Request, origin: str, flaws: Flaws) -> bool:
    """Tell whether a page of another origin is behind a request that changes something."""
    if flaws.has("viewer_takes_foreign_posts"):
        return False
    stranger = request.first("origin") not in ("", origin)
    return stranger or request.first("sec-fetch-site") not in _OWN
