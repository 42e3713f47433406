"""Who may have what over the web: bearer tokens (RFC 6750) that the device's authority signed."""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast
from urllib.parse import parse_qs

from simulators.devices.reference.flaws import Flaws
from simulators.devices.reference.index import PATIENT_ID, Instance
from simulators.devices.reference.web_fetching import fetch_keys
from simulators.devices.reference.web_login import SCHEME, Passwords
from simulators.devices.reference.web_message import RefusedError, Request
from simulators.devices.reference.web_session import token_of

AUDIENCE = "dicom-assay-reference"
_BEARER = "bearer "
_LONGEST = 4096


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks.

    Attributes:
        patient: The one patient whose objects there are for this caller; None for all.
        admin: May use administrative functions.
        ambient: Has shown what a browser adds by itself, whichever page causes the request.
    """

    name: str
    patient: bytes | None = None
    admin: bool = False
    ambient: bool = False

    def visible(self, stored: Iterable[Instance]) -> list[Instance]:
        """Return the objects that there are for this caller."""
        if self.patient is None:
            return list(stored)
        return [each for each in stored if self.may_have(each.value(PATIENT_ID) or b"")]

    def may_have(self, patient: bytes) -> bool:
        """Tell whether an object of this patient is for this caller."""
        return self.patient is None or patient.strip(b" \0") == self.patient


class Door:
    """Looks at the token of each request."""

    def __init__(self, key: bytes, users: Mapping[str, bytes | None], flaws: Flaws) -> None:
        """Know what signs tokens.

        Args:
            key: For HS256 (RFC 7518 3.2); empty: everybody is let in.
            users: User name to passcode, for those who come with that.
            flaws: What is switched on.
        """
        self._key = key
        self._flaws = flaws
        self._passwords = Passwords(users, flaws)

    def admit(self, request: Request) -> Caller:
        """Return who asks.

        Raises:
            RefusedError: No token is there, or none that is good.
        """
        if not self._key or self._flaws.has("web_ignores_token"):
            return Caller("anybody")
        if request.path.endswith("/rendered") and self._flaws.has("web_rendered_unguarded"):
            return Caller("anybody")
        if request.path.startswith("/admin/") and self._flaws.has("web_admin_unguarded"):
            return Caller("anybody", admin=True)
        if request.first("authorization").lower().startswith(SCHEME):
            return Caller(self._passwords.admit(request.first("authorization")), ambient=True)
        claims = self._claims(self._token(request))
        if claims is None:
            raise RefusedError(401, "no good token", WWW_Authenticate='Bearer realm="reference"')
        patient = claims.get("patient")
        if not isinstance(patient, str) or self._flaws.has("web_ignores_owner"):
            return Caller(str(claims.get("sub", "")), admin=claims.get("admin") is True)
        return Caller(str(claims.get("sub", "")), patient.encode())

    def _token(self, request: Request) -> bytes:
        given = request.every("authorization")
        if not given and self._flaws.has("web_token_in_url"):
            given = [f"Bearer {each}" for each in parse_qs(request.query).get("access_token", [])]
        if not given and request.every("cookie"):
            given = [f"Bearer {token_of(request, self._flaws)}"]
        if len(given) != 1 or not given[0].lower().startswith(_BEARER):
            return b""
        return given[0][len(_BEARER) :].strip().encode("latin-1")

    def _claims(self, token: bytes) -> dict[str, object] | None:
        """Return what a good token says (RFC 7519, RFC 8725); None for any other."""
        parts = token.split(b".")
        if len(parts) != 3 or len(token) > _LONGEST:
            return None
        signed = hmac.digest(self._key, parts[0] + b"." + parts[1], "sha256")
        try:
            header, claims = (json.loads(_decoded(part)) for part in parts[:2])
            good = hmac.compare_digest(signed, _decoded(parts[2]))
        except (ValueError, binascii.Error, RecursionError):
            return None
        if not isinstance(header, dict) or not isinstance(claims, dict):
            return None
        header, claims = cast("dict[str, object]", header), cast("dict[str, object]", claims)
        if self._flaws.has("web_token_fetches_key"):
            fetch_keys(header)
        signs = good and header.get("alg") == "HS256"
        bare = not parts[2] and header.get("alg") != "none"
        believed = bare and self._flaws.has("web_token_without_signature")
        if not signs and not believed and not self._flaws.has("web_token_unverified"):
            return None
        return claims if self._is_for_now_and_us(claims) else None

    def _is_for_now_and_us(self, claims: dict[str, object]) -> bool:
        expires, audience = claims.get("exp"), claims.get("aud")
        lasts = isinstance(expires, int | float) and expires > time.time()
        ours = audience == AUDIENCE
        return (lasts or self._flaws.has("web_token_never_expires")) and (
            ours or self._flaws.has("web_token_any_audience")
        )


def _decoded(part: bytes) -> bytes:
    """Return what stands in base64url without padding (RFC 7515 2)."""
    return base64.urlsafe_b64decode(part + b"=" * (-len(part) % 4))
