"""Who a user has proved to be (PS3.7 D.3.3.7): by name, by passcode, or by a signed token."""

import base64
import binascii
import hmac
import json
from collections.abc import Mapping
from typing import cast

from simulators.devices.reference.items import UserIdentity

_BY_NAME, _BY_PASSCODE, _BY_TOKEN = 1, 2, 5
_LONGEST_TOKEN = 16384


def proved(identity: UserIdentity, users: Mapping[str, bytes | None], key: bytes) -> str | None:
    """Return the user; None when nothing is proved.

    Args:
        identity: What the request says.
        users: User name to passcode; None for a user whose name is enough.
        key: What signs tokens.
    """
    if identity.kind == _BY_TOKEN:
        name = _bearer(identity.primary, key)
        return name if name in users else None
    name = identity.primary.decode("utf-8", "replace")
    if name not in users:
        return None
    passcode = users[name]
    if identity.kind == _BY_NAME:
        return name if passcode is None else None
    given = identity.kind == _BY_PASSCODE and passcode is not None
    return name if given and hmac.compare_digest(passcode or b"", identity.secondary) else None


def _bearer(token: bytes, key: bytes) -> str:
    """Return the subject of a token that we signed (RFC 7519, RFC 7515 HS256), or nothing."""
    parts = token.split(b".")
    if not key or len(parts) != 3 or len(token) > _LONGEST_TOKEN:
        return ""
    signed = hmac.digest(key, parts[0] + b"." + parts[1], "sha256")
    try:
        if not hmac.compare_digest(signed, _decoded(parts[2])):
            return ""
        header, claims = (json.loads(_decoded(part)) for part in parts[:2])
    except (ValueError, binascii.Error, RecursionError):
        return ""
    return _text(claims, "sub") if _text(header, "alg") == "HS256" else ""


def _text(value: object, key: str) -> str:
    found = cast("dict[str, object]", value).get(key) if isinstance(value, dict) else None
    return found if isinstance(found, str) else ""


def _decoded(part: bytes) -> bytes:
    """Return what stands in base64url without padding (RFC 7515 2)."""
    return base64.urlsafe_b64decode(part + b"=" * (-len(part) % 4))
