"""What administrators may do over the web: settings, and a reset. Scripts are switched off."""

from __future__ import annotations

import json
import threading

from simulators.devices.reference.flaws import Flaws
from simulators.devices.reference.web_access import Caller
from simulators.devices.reference.web_message import Answer, RefusedError, Request

BASE = "/admin/"
_NAME = "reference"
_LONGEST = 64
_JSON = "application/json"


class Admin:
    """Holds the settings; every function asks for an administrator first."""

    def __init__(self, flaws: Flaws) -> None:
        self._flaws = flaws
        self._lock = threading.Lock()
        self._name = _NAME
        self._resets = 0

    def __call__(self, request: Request, caller: Caller) -> Answer:
        """Answer a request for a function.

        Raises:
            RefusedError: It is refused.
        """
        if not caller.admin and not self._flaws.has("web_admin_for_all"):
            raise RefusedError(403, "not an administrator")
        function = (request.method, request.path.removeprefix(BASE))
        with self._lock:
            if function == ("PUT", "settings"):
                self._name = _text(request.body)
            elif function == ("POST", "reset"):
                self._name, self._resets = _NAME, self._resets + 1
            elif function == ("POST", "script") and self._flaws.has("web_admin_enabled"):
                self._name = _text(request.body)
            elif function != ("GET", "settings"):
                raise RefusedError(404, "no such function")
            told = {"name": self._name, "resets": self._resets}
        return Answer(status=200, body=json.dumps(told).encode(), kind=_JSON)


def _text(body: bytes) -> str:
    try:
        text = body.decode("ascii")
    except UnicodeDecodeError:
        raise RefusedError(400, "not plain text") from None
    if not text.isprintable() or not 0 < len(text) <= _LONGEST:
        raise RefusedError(400, "not a name")
    return text
