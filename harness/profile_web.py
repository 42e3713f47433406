"""The ``[web]`` section of a device profile, and what a base URL of web services may be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final, Literal, Self
from urllib.parse import SplitResult, urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator

from harness.model import Claim
from harness.profile_access import MASK
from harness.profile_browser import BrowserSection
from harness.profile_sections import Section
from harness.profile_web_parts import AdminSection, LoginSection

WEB_PORT: Final = "{web_port}"
"""Stands in ``web.url`` for a port that the harness chooses."""

WebService = Literal["qido", "wado", "stow", "ups", "ups-xml", "rendered", "metadata-xml"]


class WebSection(Section):
    """``[web]``: the device's DICOMweb services (PS3.18 10)."""

    url: str = Field(min_length=1, max_length=2000)
    services: tuple[WebService, ...] = Field(default=(), strict=False)
    page: str | None = Field(default=None, pattern=r"^/[!-~]*$", max_length=200)
    csv: str | None = Field(default=None, pattern=r"^/[!-~]*$", max_length=200)
    token: SecretStr | None = Field(default=None, min_length=8)
    patient_token: SecretStr | None = Field(default=None, min_length=8)
    patient_id: str | None = Field(default=None, min_length=1, max_length=64)
    expired_token: SecretStr | None = Field(default=None, min_length=8)
    foreign_token: SecretStr | None = Field(default=None, min_length=8)
    max_results: Annotated[int, Field(ge=1, le=10_000)] | None = None
    request_timeout_s: Annotated[float, Field(gt=0, le=300)] | None = None
    hsts: bool = False
    gzip: bool = False
    browser: BrowserSection | None = None
    zip_import: str | None = Field(default=None, pattern=r"^/[!-~]*$", max_length=200)
    file_import: str | None = Field(default=None, pattern=r"^/[!-~]*$", max_length=200)
    login: LoginSection | None = None
    admin: tuple[AdminSection, ...] = Field(default=(), strict=False, max_length=16)
    admin_token: SecretStr | None = Field(default=None, min_length=8)

    @model_validator(mode="after")
    def _policy_fits(self) -> Self:
        if self.hsts and not self.url.startswith("https:"):
            raise ValueError("hsts needs an https address in url: without TLS it means nothing")
        return self

    @model_validator(mode="after")
    def _tokens_fit(self) -> Self:
        if (self.patient_token is None) != (self.patient_id is None):
            raise ValueError("patient_token and patient_id belong together: give both or neither")
        beside = ("patient_token", "expired_token", "foreign_token")
        for name in beside if self.token is None else ():
            if getattr(self, name) is not None:
                raise ValueError(f"{name} needs token too: whoever has none is compared with it")
        return self

    @field_validator("url")
    @classmethod
    def _is_a_base(cls, value: str) -> str:
        if web_base(value.replace(WEB_PORT, "1")) is None:
            raise ValueError(
                "must be the base URL of DICOMweb services, without user, query and fragment, "
                "such as http://127.0.0.1:8042/dicom-web"
            )
        return value

    @property
    def host(self) -> str:
        """Name or address of the server."""
        base = web_base(self.url.replace(WEB_PORT, "1"))
        return (base.hostname or "") if base else ""

    @property
    def port(self) -> int:
        """Port of the server; 0 while the harness has yet to choose one."""
        base = web_base(self.url) if WEB_PORT not in self.url else None
        return web_port(base) if base else 0

    def at(self, port: int) -> WebSection:
        """The same services on the port that was chosen."""
        return self.model_copy(update={"url": self.url.replace(WEB_PORT, str(port))})

    @property
    def secrets(self) -> Mapping[str, bytes]:
        """Its tokens and passwords by their key, as far as it has them; not a masked copy's."""
        names = ("token", "patient_token", "expired_token", "foreign_token", "admin_token")
        given = {name: getattr(self, name) for name in names}
        tokens = {
            f"web.{name}": token.get_secret_value().encode()
            for name, token in given.items()
            if isinstance(token, SecretStr) and token.get_secret_value() != MASK
        }
        return {**tokens, **(self.login.secrets if self.login else {})}

    def claims(self) -> Mapping[Claim, bool]:
        """What it claims."""
        return {
            Claim.WEB_TLS: self.url.startswith("https:"),
            Claim.WEB_HSTS: self.hsts,
            Claim.WEB_QIDO: "qido" in self.services,
            Claim.WEB_WADO: "wado" in self.services,
            Claim.WEB_STOW: "stow" in self.services,
            Claim.WEB_PAGE: self.page is not None,
            Claim.WEB_TOKEN: self.token is not None,
            Claim.WEB_PATIENT_TOKEN: self.patient_token is not None,
            Claim.WEB_EXPIRED_TOKEN: self.expired_token is not None,
            Claim.WEB_FOREIGN_TOKEN: self.foreign_token is not None,
            Claim.WEB_RESULT_LIMIT: self.max_results is not None,
            Claim.WEB_RENDERED: "rendered" in self.services,
            Claim.WEB_XML_OUT: "metadata-xml" in self.services,
            Claim.WEB_CSV: self.csv is not None,
            Claim.WEB_TIMEOUT: self.request_timeout_s is not None,
            **(self.browser or BrowserSection()).claims(),
            Claim.WEB_GUARDED: self.token is not None or self.login is not None,
            Claim.WEB_UPS: "ups" in self.services,
            Claim.WEB_UPS_XML: "ups-xml" in self.services,
            Claim.WEB_IMPORT: self.zip_import is not None,
            Claim.WEB_FILE_IMPORT: self.file_import is not None,
            Claim.WEB_LOGIN: self.login is not None,
            Claim.WEB_ADMIN: any(not each.disabled for each in self.admin),
            Claim.WEB_DISABLED: any(each.disabled for each in self.admin),
        }


def web_base(url: str) -> SplitResult | None:
    """The parts of a URL that can be the base of web services; None if it cannot."""
    if any(not 0x20 < ord(letter) < 0x7F for letter in url):
        return None
    try:
        base = urlsplit(url)
        usable = base.scheme in ("http", "https") and base.hostname and base.port != 0
    except ValueError:
        return None
    plain = not base.query and not base.fragment and "@" not in base.netloc
    return base if usable and plain else None


def web_port(base: SplitResult) -> int:
    """The port of a base URL, where it names none that of its scheme (RFC 9110 4.2)."""
    return base.port or (443 if base.scheme == "https" else 80)
