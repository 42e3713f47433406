"""Tokens that nobody has issued, made from the form of a good one (RFC 7515, RFC 8725 2.1)."""

from __future__ import annotations

import base64
import json
from dataclasses import replace

from harness.stage import Stage
from simulators.web.request import Request
from simulators.web.target import secret_of, web_of, with_token


def forged(stage: Stage, request: Request, form: str) -> Request:
    """The request with a token of no worth.

    Args:
        stage: The play.
        request: An honest request without a token.
        form: "random", "unsigned" (alg none), "signed-by-nobody" or "empty".
    """
    if form == "empty":
        return replace(request, headers=(*request.headers, ("Authorization", "Bearer ")))
    return with_token(request, _token(stage, form))


def _token(stage: Stage, form: str) -> str:
    noise = _encoded(stage.rng.randbytes(32))
    parts = secret_of(stage, web_of(stage).token, "token").split(".")
    if form == "random" or len(parts) != 3:
        return noise
    if form == "unsigned":
        header = _encoded(json.dumps({"alg": "none", "typ": "JWT"}).encode())
        return f"{header}.{parts[1]}."
    return f"{parts[0]}.{parts[1]}.{noise}"


def _encoded(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()
