"""Tables of ``[web]``: the account of its password login, and its administrative functions."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Literal

from pydantic import Field, SecretStr

from harness.profile_access import MASK
from harness.profile_sections import Section


class LoginSection(Section):
    """``[web.login]``: an account for HTTP basic authentication (RFC 7617)."""

    user: str = Field(pattern=r"^[!-9;-~]+$", max_length=64)
    password: SecretStr = Field(min_length=8, max_length=128)

    @property
    def basic(self) -> str:
        """User and password as they stand in the header field."""
        pair = f"{self.user}:{self.password.get_secret_value()}"
        return base64.b64encode(pair.encode()).decode()

    @property
    def secrets(self) -> Mapping[str, bytes]:
        """The password, in each form in which it is sent."""
        password = self.password.get_secret_value()
        if password == MASK:
            return {}
        return {"web.login.password": password.encode(), "web.login": self.basic.encode()}


class AdminSection(Section):
    """``[[web.admin]]``: one function that is for administrators only."""

    method: Literal["GET", "POST", "PUT", "DELETE"] = "POST"
    path: str = Field(pattern=r"^/[!-~]*$", max_length=200)
    body: str = Field(default="", max_length=1000)
    reads: str = Field(pattern=r"^/[!-~]*$", max_length=200)
    disabled: bool = False
