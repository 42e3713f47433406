"""STOW-RS (PS3.18 10.5): the same intake as C-STORE, with an answer for each object."""

from __future__ import annotations

from collections.abc import Sequence

from harness.model import JSON
from simulators.devices.reference import command
from simulators.devices.reference.flaws import FlawName
from simulators.devices.reference.index import (
    PATIENT_ID,
    SERIES_UID,
    SOP_CLASS_UID,
    SOP_INSTANCE_UID,
    STUDY_UID,
)
from simulators.devices.reference.log import Log, shown
from simulators.devices.reference.options import AcceptorOptions
from simulators.devices.reference.parser import Parser
from simulators.devices.reference.part10 import FileError, meta_of
from simulators.devices.reference.scanner import DataSetError, Scan
from simulators.devices.reference.storage import Arrival, Store
from simulators.devices.reference.uids import is_storage, is_uid, transfer_syntaxes_of
from simulators.devices.reference.web_access import Caller
from simulators.devices.reference.web_json import Attributes, attribute, encoded
from simulators.devices.reference.web_message import (
    JSON_TYPE,
    Answer,
    RefusedError,
    Request,
    WebLimits,
)
from simulators.devices.reference.web_multipart import MediaType, Unpacker, media_type
from simulators.devices.reference.worker import die

_DICOM, _RELATED = "application/dicom", "multipart/related"
_FAILED, _REFERENCED = "00081198", "00081199"
_CLASS, _INSTANCE, _REASON, _URL = "00081150", "00081155", "00081197", "00081190"
_READS_DESCRIPTIONS: tuple[FlawName, ...] = (
    "web_fetches_bulk_data",
    "web_json_recurses",
    "web_json_trusts",
    "web_xml_external",
    "web_xml_expands",
    "web_xml_stylesheet",
)

_MEETS_DOCUMENTS: tuple[FlawName, ...] = ("web_trusts_document_length", "web_unpacks_documents")


class _NotStoredError(Exception):
    """An object is not stored; holds the failure reason (PS3.18 I.2.2)."""

    def __init__(self, reason: int, found: Scan | None = None) -> None:
        super().__init__(f"{reason:04X}")
        self.reason = reason
        self.found = found


class Receive:
    """Stores what comes."""

    def __init__(
        self, options: AcceptorOptions, store: Store, log: Log, limits: WebLimits, base: str
    ) -> None:
        self._flaws = options.flaws
        self._parser = Parser(options)
        self._store = store
        self._log = log
        self._unpacker = Unpacker(limits, options.flaws)
        self._base = base

    def __call__(
        self, request: Request, body: bytes, caller: Caller, uids: Sequence[bytes]
    ) -> Answer:
        """Answer a store.

        Args:
            request: It.
            body: Its body, expanded.
            caller: Who asks.
            uids: The study of the URL, if it names one.

        Raises:
            RefusedError: The body as a whole is refused.
        """
        kinds = request.every("content-type")
        if len(kinds) != 1:
            raise RefusedError(400, "media type missing or given twice")
        media = media_type(kinds[0])
        return self.keep_each(self._objects(media, body), caller, uids)

    def keep_each(
        self, contents: Sequence[bytes], caller: Caller, uids: Sequence[bytes] = ()
    ) -> Answer:
        """Store Part 10 files, and say of each what became of it.

        Args:
            contents: They.
            caller: Who sends them.
            uids: The study that they have to be of, if there is one.

        Raises:
            RefusedError: There are none.
        """
        stored: list[JSON] = []
        failed: list[JSON] = []
        for content in contents:
            try:
                stored.append(self._keep(content, caller, uids))
            except _NotStoredError as problem:
                self._log.event(f"web object not stored: {problem}")
                failed.append(_named(problem))
        if not stored and not failed:
            raise RefusedError(400, "no objects")
        return self._told(stored, failed, uids)

    def _objects(self, media: MediaType, body: bytes) -> list[bytes]:
        if media.kind == _DICOM:
            return [body]
        if media.kind != _RELATED:
            raise RefusedError(415, "media type", Accept=f'{_RELATED}; type="{_DICOM}"')
        if self._flaws.any_of(*_READS_DESCRIPTIONS):
            from simulators.devices.reference.web_flaws import read_descriptions

            read_descriptions(self._unpacker.parts(media, body), self._flaws)
        any_type = self._flaws.has("web_multipart_any_type")
        if media.parameters.get("type", _DICOM).lower() != _DICOM and not any_type:
            raise RefusedError(415, "type of parts", Accept=f'{_RELATED}; type="{_DICOM}"')
        parts = list(self._unpacker.parts(media, body))
        if any(part.media.kind != _DICOM for part in parts) and not any_type:
            raise RefusedError(415, "type of a part", Accept=f'{_RELATED}; type="{_DICOM}"')
        return [part.body for part in parts]

    def _keep(self, content: bytes, caller: Caller, uids: Sequence[bytes]) -> Attributes:
        """Store one object, and return the item that says so."""
        arrival = self._read(content)
        of_url = not uids or _uid(arrival.values, STUDY_UID) == uids[0]
        if not of_url and not self._flaws.has("web_takes_other_study"):
            raise _NotStoredError(command.DOES_NOT_MATCH, Scan(values=arrival.values))
        if not caller.may_have(arrival.values.get(PATIENT_ID, b"")):
            raise _NotStoredError(command.NOT_AUTHORIZED, Scan(values=arrival.values))
        if self._flaws.any_of(*_MEETS_DOCUMENTS):
            from simulators.devices.reference.web_careless import meet

            meet(arrival, self._flaws, self._store.root)
        forgets = self._flaws.has("web_stow_says_success")
        status = command.SUCCESS if forgets else self._store.add(arrival)
        if status == command.DUPLICATE_INSTANCE and self._flaws.has("web_overwrites_silently"):
            self._store.withdraw([arrival.sop_instance])
            status = self._store.add(arrival)
        if status != command.SUCCESS:
            raise _NotStoredError(status, Scan(values=arrival.values))
        names = (_uid(arrival.values, tag) for tag in (STUDY_UID, SERIES_UID, SOP_INSTANCE_UID))
        study, series, one = (shown(name) for name in names)
        url = f"{self._base}/studies/{study}/series/{series}/instances/{one}"
        return {
            _CLASS: attribute("UI", arrival.sop_class),
            _INSTANCE: attribute("UI", arrival.sop_instance),
            _URL: attribute("UR", url.encode()),
        }

    def _read(self, content: bytes) -> Arrival:
        try:
            meta, header = meta_of(content)
            sop_class, instance, syntax = meta[2], meta[3], meta[0x10]
        except (FileError, KeyError, ValueError):
            if self._flaws.has("web_ignores_meta_length"):
                die()
            raise _NotStoredError(command.CANNOT_UNDERSTAND) from None
        if not is_storage(sop_class) or syntax not in transfer_syntaxes_of(sop_class):
            raise _NotStoredError(command.SOP_CLASS_NOT_SUPPORTED)
        try:
            told = (sop_class, instance)
            found, data, syntax = self._parser.read(told, content[header:], syntax)
        except DataSetError as error:
            self._log.event(f"web object refused: {error}")
            raise _NotStoredError(command.CANNOT_UNDERSTAND) from None
        # What has no name that a URL can hold could be stored, but never be had again.
        if not all(is_uid(_uid(found.values, tag)) for tag in (STUDY_UID, SERIES_UID)):
            raise _NotStoredError(command.CANNOT_UNDERSTAND, found)
        if (sop_class, instance) != (
            _uid(found.values, SOP_CLASS_UID),
            _uid(found.values, SOP_INSTANCE_UID),
        ):
            raise _NotStoredError(command.DOES_NOT_MATCH, found)
        return Arrival(
            sop_class=sop_class,
            sop_instance=instance,
            transfer_syntax=syntax,
            data=data,
            values=found.values,
            area="",
        )

    def _told(self, stored: list[JSON], failed: list[JSON], uids: Sequence[bytes]) -> Answer:
        status = 200 if not failed else 202 if stored else 409
        answer: Attributes = {}
        if uids:
            url = f"{self._base}/studies/{shown(uids[0])}"
            answer[_URL] = attribute("UR", url.encode())
        if failed:
            answer[_FAILED] = {"vr": "SQ", "Value": failed}
        if stored:
            answer[_REFERENCED] = {"vr": "SQ", "Value": stored}
        return Answer(status=status, body=encoded(answer, self._flaws), kind=JSON_TYPE)


def _named(problem: _NotStoredError) -> Attributes:
    values = problem.found.values if problem.found else {}
    return {
        _CLASS: attribute("UI", _uid(values, SOP_CLASS_UID)),
        _INSTANCE: attribute("UI", _uid(values, SOP_INSTANCE_UID)),
        _REASON: attribute("US", problem.reason.to_bytes(2, "little")),
    }


def _uid(values: dict[int, bytes], tag: int) -> bytes:
    return values.get(tag, b"").rstrip(b"\0 ")
