"""What a URL of the device means: DICOMweb (PS3.18 10) below its base, and one page for people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from simulators.devices.reference.access import Rules
from simulators.devices.reference.flaws import FlawName, Flaws
from simulators.devices.reference.index import SERIES_UID, STUDY_UID, Instance
from simulators.devices.reference.log import Log
from simulators.devices.reference.options import AcceptorOptions
from simulators.devices.reference.storage import Store
from simulators.devices.reference.uids import is_uid
from simulators.devices.reference.web_access import Caller, Door
from simulators.devices.reference.web_body import Expander
from simulators.devices.reference.web_login import is_cross_site
from simulators.devices.reference.web_message import (
    Answer,
    RefusedError,
    Request,
    WebLimits,
)
from simulators.devices.reference.web_page import page
from simulators.devices.reference.web_retrieve import Retrieve
from simulators.devices.reference.web_search import Search
from simulators.devices.reference.web_services import Services
from simulators.devices.reference.web_sinks import CSV_PATH, table
from simulators.devices.reference.web_store import Receive
from simulators.devices.reference.web_viewer import ROOT, Viewer

BASE = "/dicom-web"
_LEVELS = ("studies", "series", "instances")
_READS = ("GET", "HEAD", "OPTIONS")
_STORES = ((0, ("studies",)), (1, ()))
_SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
}
_BEFORE: tuple[FlawName, ...] = ("web_trace", "web_method_override", "web_path_from_url")
_AFTER: tuple[FlawName, ...] = (
    "web_cors_any",
    "viewer_shares_session",
    "web_shows_traceback",
    "web_reflects_error",
    "web_serves_every_range",
    "web_accept_backtracks",
    "web_repeats_transfer_syntax",
)


@dataclass(frozen=True, slots=True)
class Place:
    """What the path of a URL names.

    Attributes:
        uids: Those of study, series and instance, as far as they are named.
        rest: What is wanted of them: "studies", "series", "instances", "metadata" ...
    """

    uids: tuple[bytes, ...]
    rest: tuple[str, ...]


class Site:
    """Answers requests, each on its own."""

    def __init__(
        self, options: AcceptorOptions, store: Store, log: Log, limits: WebLimits, origin: str
    ) -> None:
        """Share the storage of the device.

        Args:
            options: What the device is.
            store: Its objects.
            log: Where its events go.
            limits: Bounds.
            origin: Scheme, host and port of its URLs; what a request says of them is not believed.
        """
        self._flaws: Flaws = options.flaws
        self._store = store
        rules = options.rules or Rules(())
        self._door = Door(rules.key, rules.users, options.flaws)
        self._expand = Expander(limits, options.flaws)
        base = origin + BASE
        self._search = Search(limits, options.flaws, base)
        self._retrieve = Retrieve(options.flaws, base)
        self._receive = Receive(options, store, log, limits, base)
        self._origin = origin
        keep = self._receive.keep_each
        self._services = Services(keep, limits, options.flaws, store.root, base)
        self._viewer = Viewer(options.flaws, origin)

    def answer(self, request: Request) -> Answer:
        """Answer a request.

        Raises:
            RefusedError: It is refused.
        """
        if self._flaws.any_of(*_BEFORE):
            from simulators.devices.reference.web_flaws import early_answer

            early = early_answer(request, self._flaws, self._store)
            if early is not None:
                return self._finished(early, request)
        caller = self._door.admit(request)
        self._refuse_foreign(request, caller)
        return self._finished(self._routed(request, caller), request)

    def refusal(self, refused: RefusedError, request: Request | None) -> Answer:
        """Return what a peer is told whose request is refused."""
        return self._finished(refused.answer(), request, refused)

    def _finished(
        self, answer: Answer, request: Request | None, refused: RefusedError | None = None
    ) -> Answer:
        safe = {} if self._flaws.has("web_no_safe_headers") else _SAFE
        answer = Answer(
            status=answer.status,
            body=answer.body,
            kind=answer.kind,
            fields={**safe, **answer.fields},
        )
        if not self._flaws.any_of(*_AFTER):
            return answer
        from simulators.devices.reference.web_flaws import spoilt

        return spoilt(answer, request, refused, self._flaws)

    def _routed(self, request: Request, caller: Caller) -> Answer:
        if request.path == "/":
            _only(request, "GET", "HEAD")
            return page(request, caller.visible(self._store), self._flaws)
        if request.path.split("/")[1:2] == [ROOT[1:]]:
            return self._viewer(request, caller, list(self._store))
        if request.path == CSV_PATH:
            _only(request, "GET", "HEAD")
            return table(caller.visible(self._store), self._flaws)
        served = self._services.answer(request, BASE, caller, self._expand)
        if served is not None:
            return served
        place = place_of(request.path)
        if request.method == "POST" and (len(place.uids), place.rest) in _STORES:
            return self._receive(request, self._expand(request), caller, place.uids)
        _only(request, "GET", "HEAD")
        if place.rest and place.rest[0] in _LEVELS:
            scope = self._within(place.uids, caller) if place.uids else caller.visible(self._store)
            return self._search(request, place.rest[0], scope)
        return self._retrieve(request, place.rest, self._within(place.uids, caller), place.uids)

    def _refuse_foreign(self, request: Request, caller: Caller) -> None:
        """Refuse a change that a page of another origin causes with its visitor's password."""
        if request.method in _READS or self._flaws.has("web_ignores_origin"):
            return
        came = (request.first("origin"), request.first("sec-fetch-site"))
        if caller.ambient and is_cross_site(*came, self._origin):
            raise RefusedError(403, "caused by a page of another origin")

    def _within(self, uids: tuple[bytes, ...], caller: Caller) -> list[Instance]:
        """Return the objects that a URL names; raises RefusedError where there are none.

        What there is of others does not exist for a caller: the answer is the same.
        """
        tests: list[Callable[[Instance], bytes]] = [
            lambda each: (each.value(STUDY_UID) or b"").rstrip(b"\0 "),
            lambda each: (each.value(SERIES_UID) or b"").rstrip(b"\0 "),
            lambda each: each.sop_instance,
        ]
        named = [
            each
            for each in self._store
            if all(of(each) == uid for of, uid in zip(tests, uids, strict=False))
        ]
        found = caller.visible(named)
        if not found:
            told = named and self._flaws.has("web_tells_what_exists")
            raise RefusedError(403 if told else 404, "nothing there for this caller")
        return found


def place_of(path: str) -> Place:
    """Return what a path names.

    Raises:
        RefusedError: Nothing.
    """
    segments = path.rstrip("/").split("/")
    if "/".join(segments[:2]) != BASE:
        raise RefusedError(404, "not below the base")
    uids: list[bytes] = []
    rest = segments[2:]
    for level in _LEVELS:
        if len(rest) < 2 or rest[0] != level:
            break
        uid = unquote_to_bytes(rest[1])
        if not is_uid(uid):
            raise RefusedError(400, "no UID in the URL")
        uids.append(uid)
        rest = rest[2:]
    if not uids and (len(rest) != 1 or rest[0] not in _LEVELS):
        raise RefusedError(404, "no such resource")
    if rest and rest[0] in _LEVELS and (len(rest) > 1 or rest[0] in _LEVELS[: len(uids)]):
        raise RefusedError(404, "no such resource")
    return Place(tuple(uids), tuple(rest))


def _only(request: Request, *methods: str) -> None:
    if request.method not in methods:
        raise RefusedError(405, "method", Allow=", ".join(methods))
