"""What the reference device claims of the web where a scenario needs it, and the tokens for it."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Mapping
from typing import Final

from pydantic import SecretStr

from harness import profile as profiles
from harness.model import JSON
from harness.profile_browser import ActionSection, BrowserSection
from harness.profile_web_parts import AdminSection, LoginSection

ARGUMENTS: Final = ("--web-port", "{web_port}")
"""How the device is told; by default it has no web services, and starts the sooner."""

TLS_ARGUMENTS: Final = (*ARGUMENTS, "--web-tls")
"""How it is told to be reached by TLS alone."""

PATIENT_ID: Final = "ASSAY-WEB"
"""Whose objects the token of one patient is good for."""

MAX_RESULTS: Final = 100
REQUEST_TIMEOUT_S: Final = 5.0
_ADMIN: Final = (
    AdminSection(method="PUT", path="/admin/settings", body="taken over", reads="/admin/settings"),
    AdminSection(path="/admin/reset", reads="/admin/settings"),
    AdminSection(path="/admin/script", body="os", reads="/admin/settings", disabled=True),
)
_BROWSER: Final = BrowserSection(
    pages=("/", "/viewer/studies/{study}"),
    document="/viewer/documents/{study}",
    viewer="/viewer?url={target}",
    launch="/viewer/launch?path={target}",
    session="/viewer/session",
    action=ActionSection(
        path="/viewer/settings", body="banner={mark}", type="form", shows="/viewer/settings"
    ),
)
_KEY: Final = b"a-key-of-the-test-bench-only"
_AUDIENCE: Final = "dicom-assay-reference"
_LONG_AFTER: Final = 4_102_444_800
_LONG_AGO: Final = 978_307_200


def webbed(read: profiles.Profile) -> profiles.Profile:
    """The profile that claims the web services too."""
    return read.model_copy(update={"web": _section()})


def secured(read: profiles.Profile) -> profiles.Profile:
    """The profile that claims the web services by TLS alone."""
    section = _section()
    changes = {"url": section.url.replace("http:", "https:"), "hsts": True}
    return read.model_copy(update={"web": section.model_copy(update=changes)})


def token(**claims: JSON) -> str:
    """A token of the bench that is good for everything, apart from what is given here."""
    usual: dict[str, JSON] = {"sub": "reader", "aud": _AUDIENCE, "exp": _LONG_AFTER}
    return signed({**usual, **claims}, _KEY)


def signed(claims: Mapping[str, JSON], key: bytes) -> str:
    """A JSON Web Token (RFC 7519) that is signed with HS256 (RFC 7518 3.2)."""
    text = f"{_part({'alg': 'HS256', 'typ': 'JWT'})}.{_part(claims)}"
    return f"{text}.{_encoded(hmac.digest(key, text.encode(), 'sha256'))}"


def _section() -> profiles.WebSection:
    return profiles.WebSection(
        url="http://127.0.0.1:{web_port}/dicom-web",
        services=("qido", "wado", "stow", "rendered", "metadata-xml", "ups", "ups-xml"),
        page="/",
        csv="/studies.csv",
        token=SecretStr(token()),
        patient_token=SecretStr(token(sub="patient", patient=PATIENT_ID)),
        patient_id=PATIENT_ID,
        expired_token=SecretStr(token(exp=_LONG_AGO)),
        foreign_token=SecretStr(token(aud="another-server")),
        max_results=MAX_RESULTS,
        gzip=True,
        request_timeout_s=REQUEST_TIMEOUT_S,
        browser=_BROWSER,
        zip_import="/instances",
        file_import="/instances",
        login=LoginSection(user="rita", password=SecretStr("passcode-of-rita")),
        admin=_ADMIN,
        admin_token=SecretStr(token(sub="administrator", admin=True)),
    )


def _part(claims: Mapping[str, JSON]) -> str:
    return _encoded(json.dumps(claims, separators=(",", ":")).encode())


def _encoded(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()
