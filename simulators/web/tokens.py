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


def without_signature(stage: Stage, request: Request, algorithm: str) -> Request:
    """The request with a token that nobody signed, and that names an algorithm."""
    return with_token(request, f"{_said(alg=algorithm, typ='JWT')}.{_claims(stage)}.")


def naming_a_key(stage: Stage, request: Request, field: str, address: str) -> Request:
    """The request with a token whose header says where its key is to be had (RFC 7515 4.1).

    Args:
        stage: The play.
        request: An honest request without a token.
        field: "kid", "jku" or "x5u".
        address: Where.
    """
    # Keys that are looked up by a name alone are often secrets, those behind an address public.
    algorithm = "HS256" if field == "kid" else "RS256"
    header = _said(**{"alg": algorithm, "typ": "JWT", field: address})
    noise = _encoded(stage.rng.randbytes(32))
    return with_token(request, f"{header}.{_claims(stage)}.{noise}")


def _claims(stage: Stage) -> str:
    """What the good token says, encoded.

    Raises:
        PreconditionUnmetError: It says nothing that we could read.
    """
    parts = secret_of(stage, web_of(stage).token, "token").split(".")
    stage.require(len(parts) == 3, "web.token is no JSON Web Token")
    return parts[1]


def _said(**header: str) -> str:
    return _encoded(json.dumps(header).encode())


def _token(stage: Stage, form: str) -> str:
    noise = _encoded(stage.rng.randbytes(32))
    parts = secret_of(stage, web_of(stage).token, "token").split(".")
    if form == "random" or len(parts) != 3:
        return noise
    if form == "unsigned":
        return f"{_said(alg='none', typ='JWT')}.{parts[1]}."
    return f"{parts[0]}.{parts[1]}.{noise}"


def _encoded(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()
