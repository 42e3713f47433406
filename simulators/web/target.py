"""Where the device's web services are, and who may use them, by its profile."""

from __future__ import annotations

from dataclasses import replace

from pydantic import SecretStr

from harness.profile_web import WebSection, web_base
from harness.profile_web_parts import LoginSection
from harness.stage import Stage
from simulators.web.request import Request


def web_of(stage: Stage) -> WebSection:
    """The web services of the device.

    Raises:
        PreconditionUnmetError: The profile has none.
    """
    section = stage.profile.web
    stage.require(section is not None, "the profile has no [web] section")
    assert section is not None
    return section


def path_of(stage: Stage, *segments: str) -> str:
    """The path of a resource below the base, as it stands: nothing is encoded."""
    base = web_base(web_of(stage).url)
    root = base.path.rstrip("/") if base else ""
    return "/".join([root, *segments])


def entitled(stage: Stage, request: Request) -> Request:
    """The request with the token of the profile or else its password, where there is one."""
    section = web_of(stage)
    if section.token:
        return with_token(request, section.token.get_secret_value())
    return with_basic(request, section.login.basic) if section.login else request


def administrative(stage: Stage, request: Request) -> Request:
    """The request with what an administrator has."""
    token = web_of(stage).admin_token
    return with_token(request, token.get_secret_value()) if token else entitled(stage, request)


def login_of(stage: Stage) -> LoginSection:
    """The account of the password login.

    Raises:
        PreconditionUnmetError: The profile has none.
    """
    login = web_of(stage).login
    stage.require(login is not None, "the profile has no web.login")
    assert login is not None
    return login


def with_basic(request: Request, pair: str) -> Request:
    """The request with user and password (RFC 7617), encoded."""
    return replace(request, headers=(*request.headers, ("Authorization", f"Basic {pair}")))


def with_token(request: Request, token: str) -> Request:
    """The request with a bearer token (RFC 6750 2.1)."""
    return replace(request, headers=(*request.headers, ("Authorization", f"Bearer {token}")))


def secret_of(stage: Stage, token: SecretStr | None, key: str) -> str:
    """A token of the profile.

    Raises:
        PreconditionUnmetError: The profile has none.
    """
    stage.require(token is not None, f"the profile has no web.{key}")
    assert token is not None
    return token.get_secret_value()


def patient_token_of(stage: Stage) -> str:
    """The token that entitles to one patient's objects."""
    return secret_of(stage, web_of(stage).patient_token, "patient_token")


def patient_id_of(stage: Stage) -> str:
    """The patient of that token."""
    patient = web_of(stage).patient_id
    stage.require(patient, "the profile has no web.patient_id")
    return str(patient)
