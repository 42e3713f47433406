"""Services beside the DICOM objects: uploads, workitems, and functions for administrators."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from simulators.devices.reference import web_admin
from simulators.devices.reference.flaws import Flaws
from simulators.devices.reference.web_access import Caller
from simulators.devices.reference.web_import import Import
from simulators.devices.reference.web_message import Answer, RefusedError, Request, WebLimits
from simulators.devices.reference.web_ups import NAME, Workitems

_UPLOAD = "/instances"


class Services:
    """Finds the service of a path."""

    def __init__(
        self,
        keep: Callable[[list[bytes], Caller], Answer],
        limits: WebLimits,
        flaws: Flaws,
        root: Path,
        base: str,
    ) -> None:
        """Set them up.

        Args:
            keep: Stores Part 10 files, and says so.
            limits: Bounds.
            flaws: What is switched on.
            root: Folder of the storage.
            base: URL of the DICOMweb services.
        """
        self._import = Import(keep, limits, flaws, root)
        self._workitems = Workitems(flaws, base)
        self._admin = web_admin.Admin(flaws)

    def answer(
        self, request: Request, below: str, caller: Caller, expand: Callable[[Request], bytes]
    ) -> Answer | None:
        """Return the answer of a service; None where the path names none.

        Args:
            request: It.
            below: Path of the DICOMweb services.
            caller: Who asks.
            expand: Gives the body as it was before it was compressed.

        Raises:
            RefusedError: It is refused.
        """
        if request.path == _UPLOAD:
            if request.method != "POST":
                raise RefusedError(405, "method", Allow="POST")
            return self._import(expand(request), caller)
        if request.path.startswith(web_admin.BASE):
            return self._admin(request, caller)
        segments = request.path.removeprefix(below).strip("/").split("/")
        if request.path.startswith(below) and segments[0] == NAME:
            return self._workitems(request, segments[1:], caller)
        return None
