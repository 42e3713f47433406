"""Passwords by HTTP basic authentication (RFC 7617): one answer to all that is wrong."""

from __future__ import annotations

import base64
import binascii
import hmac
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Mapping

from simulators.devices.reference.flaws import Flaws
from simulators.devices.reference.web_message import RefusedError

SCHEME = "basic "
_GUESSES = 8
_WINDOW_S = 60.0
_PAUSE_S = 2.0
_NAMES = 256
_LONGEST = 1024
_NOBODY = b"\0nobody\0"
_CHALLENGE = 'Basic realm="reference", charset="UTF-8"'


class Passwords:
    """Knows who has which password, and how often a name was tried of late."""

    def __init__(self, users: Mapping[str, bytes | None], flaws: Flaws) -> None:
        """Take the users of the device.

        Args:
            users: User name to passcode; who has none does not get in by it.
            flaws: What is switched on.
        """
        self._users = users
        self._flaws = flaws
        self._lock = threading.Lock()
        self._wrong: OrderedDict[str, deque[float]] = OrderedDict()
        self._most = 1 if flaws.has("web_locks_out_at_once") else _GUESSES

    def admit(self, field: str) -> str:
        """Return the user of an Authorization field.

        Raises:
            RefusedError: It is wrong, or one is to wait; unknown names are treated like known ones.
        """
        name, given = _pair(field[len(SCHEME) :])
        if not self._flaws.has("web_guesses_unlimited") and self._pauses(name):
            raise RefusedError(429, "too many guesses", Retry_After=str(int(_PAUSE_S)))
        wanted = self._users.get(name)
        if hmac.compare_digest(given, wanted or _NOBODY) and wanted is not None:
            with self._lock:
                self._wrong.pop(name, None)
            return name
        self._note(name)
        if self._flaws.has("web_login_tells_users") and name not in self._users:
            raise RefusedError(404, "no such user")
        raise RefusedError(401, "no such user and password", WWW_Authenticate=_CHALLENGE)

    def _pauses(self, name: str) -> bool:
        with self._lock:
            tries = self._wrong.get(name, deque[float]())
            now = time.monotonic()
            recent = [each for each in tries if each > now - _WINDOW_S]
            return len(recent) >= self._most and recent[-1] > now - _PAUSE_S

    def _note(self, name: str) -> None:
        with self._lock:
            tries = self._wrong.setdefault(name, deque(maxlen=_GUESSES))
            tries.append(time.monotonic())
            self._wrong.move_to_end(name)
            if len(self._wrong) > _NAMES:
                self._wrong.popitem(last=False)


def is_cross_site(origin: str, site: str, own: str) -> bool:
    """Tell whether a request was caused by a page that is not of the device.

    Args:
        origin: The Origin field (RFC 6454 7), or nothing.
        site: The Sec-Fetch-Site field (Fetch Metadata), or nothing.
        own: Origin of the device.
    """
    return bool(origin and origin != own) or site.lower() in ("cross-site", "same-site")


def _pair(encoded: str) -> tuple[str, bytes]:
    if len(encoded) > _LONGEST:
        return "", b""
    try:
        name, _, given = base64.b64decode(encoded.strip(), validate=True).partition(b":")
        return name.decode(), given
    except (binascii.Error, ValueError):
        return "", b""
