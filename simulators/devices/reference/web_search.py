"""QIDO-RS (PS3.18 10.6): the same matching as C-FIND, and no answer beyond a bound."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import parse_qsl, quote

from simulators.devices.reference.flaws import Flaws
from simulators.devices.reference.index import (
    INSTANCE_NUMBER,
    KEPT,
    SERIES_UID,
    SOP_CLASS_UID,
    SOP_INSTANCE_UID,
    STUDY_UID,
    Instance,
)
from simulators.devices.reference.query import Query
from simulators.devices.reference.scanner import DataSetError
from simulators.devices.reference.web_json import Attributes, attribute, encoded, vr_of
from simulators.devices.reference.web_message import (
    JSON_TYPE,
    Answer,
    RefusedError,
    Request,
    WebLimits,
)

_LEVELS = {"studies": b"STUDY", "series": b"SERIES", "instances": b"IMAGE"}
_KEYWORDS = {
    "StudyDate": 0x00080020, "StudyTime": 0x00080030, "AccessionNumber": 0x00080050,
    "Modality": 0x00080060, "ReferringPhysicianName": 0x00080090, "StudyDescription": 0x00081030,
    "SeriesDescription": 0x0008103E, "PatientName": 0x00100010, "PatientID": 0x00100020,
    "PatientBirthDate": 0x00100030, "PatientSex": 0x00100040, "StudyInstanceUID": STUDY_UID,
    "SeriesInstanceUID": SERIES_UID, "SOPInstanceUID": SOP_INSTANCE_UID,
    "SOPClassUID": SOP_CLASS_UID, "StudyID": 0x00200010, "SeriesNumber": 0x00200011,
    "InstanceNumber": INSTANCE_NUMBER,
}  # fmt: skip
_STUDY = (
    0x00080020, 0x00080030, 0x00080050, 0x00080090, 0x00081030, 0x00100010, 0x00100020, 0x00100030,
    0x00100040, STUDY_UID, 0x00200010,
)  # fmt: skip
_SERIES = (0x00080060, 0x0008103E, SERIES_UID, 0x00200011)
_INSTANCE = (SOP_CLASS_UID, SOP_INSTANCE_UID, INSTANCE_NUMBER)
_SERIES_IN_STUDY, _INSTANCES_IN_STUDY, _INSTANCES_IN_SERIES = 0x00201206, 0x00201208, 0x00201209
_MODALITY, _MODALITIES, _RETRIEVE_URL = 0x00080060, 0x00080061, 0x00081190
_TOLD = KEPT | {SOP_INSTANCE_UID, INSTANCE_NUMBER}
_MOST_FIELDS, _LONGEST = 64, 1024
_LITERAL_ONLY = (
    '299 reference "The fuzzymatching parameter is not supported. Only literal matching has been '
    'performed."'
)

_Studies = dict[bytes, list[Instance]]
"""Objects by the UID of their study."""


class Search:
    """Answers searches."""

    def __init__(self, limits: WebLimits, flaws: Flaws, base: str) -> None:
        self._limits = limits
        self._flaws = flaws
        self._base = base

    def __call__(self, request: Request, what: str, scope: Sequence[Instance]) -> Answer:
        """Answer a search.

        Args:
            request: It.
            what: "studies", "series" or "instances".
            scope: What there is for the caller below the URL.

        Raises:
            RefusedError: It asks for what there is not.
        """
        keys, window, warnings = self._asked(request)
        query, found = self._chosen(Query(_LEVELS[what], keys, {}), scope)
        matches = query.matches(found)
        first, most = window
        rows = matches[first:] if most is None else matches[first : first + most]
        if most is not None and len(matches) > first + len(rows):
            left = len(matches) - first - len(rows)
            warnings.append(
                f'299 reference "There are {left} additional results that can be requested"'
            )
        studies = _by_study(scope)
        objects = [self._row(each, what, studies) for each in rows]
        fields = {"Warning": ", ".join(warnings)} if warnings else {}
        return Answer(status=200, body=encoded(objects, self._flaws), kind=JSON_TYPE, fields=fields)

    def _chosen(self, query: Query, scope: Sequence[Instance]) -> tuple[Query, Iterable[Instance]]:
        """Return how is matched, and among what."""
        if not self._flaws.any_of("concatenates_patient_id", "backtracks_without_limit"):
            return query, scope
        from simulators.devices.reference.query_flaws import matched

        try:
            return matched(query, scope, self._flaws)
        except DataSetError as error:
            raise RefusedError(500, str(error)) from None

    def _asked(
        self, request: Request
    ) -> tuple[dict[int, bytes], tuple[int, int | None], list[str]]:
        """Return keys, offset and limit, and warnings."""
        try:
            pairs = parse_qsl(request.query, keep_blank_values=True, max_num_fields=_MOST_FIELDS)
        except ValueError:
            raise RefusedError(400, "too many keys") from None
        keys: dict[int, bytes] = {}
        first, most = 0, self._limits.results
        warnings: list[str] = []
        for name, value in pairs:
            if len(value) > _LONGEST:
                raise RefusedError(400, "key too long")
            if name == "limit":
                most = min(most, _count(value))
            elif name == "offset":
                first = _count(value)
            elif name == "fuzzymatching":
                warnings += [_LITERAL_ONLY] if value == "true" else []
            elif name == "includefield":
                _known_fields(value)
            elif name != "access_token" or not self._flaws.has("web_token_in_url"):
                keys[_tag(name)] = value.encode("utf-8", "replace").replace(b",", b"\\")
        unbounded = self._flaws.has("web_answers_unbounded")
        return keys, (first, None if unbounded else most), warnings

    def _row(self, each: Instance, what: str, studies: _Studies) -> Attributes:
        tags: list[int] = [*_STUDY]
        study = each.value(STUDY_UID) or b""
        url = f"{self._base}/studies/{_text(study)}"
        row: Attributes = {}
        if what == "studies":
            series = {other.value(SERIES_UID) for other in studies[study]}
            kinds = sorted({other.value(_MODALITY) or b"" for other in studies[study]})
            row[f"{_MODALITIES:08X}"] = attribute("CS", b"\\".join(kinds))
            row[f"{_SERIES_IN_STUDY:08X}"] = attribute("IS", b"%d" % len(series))
            row[f"{_INSTANCES_IN_STUDY:08X}"] = attribute("IS", b"%d" % len(studies[study]))
        else:
            tags += _SERIES
            url += f"/series/{_text(each.value(SERIES_UID))}"
        if what == "series":
            series_uid = each.value(SERIES_UID)
            count = sum(other.value(SERIES_UID) == series_uid for other in studies[study])
            row[f"{_INSTANCES_IN_SERIES:08X}"] = attribute("IS", b"%d" % count)
        elif what == "instances":
            tags += _INSTANCE
            url += f"/instances/{_text(each.sop_instance)}"
        row[f"{_RETRIEVE_URL:08X}"] = attribute("UR", url.encode())
        for tag in tags:
            row[f"{tag:08X}"] = attribute(vr_of(tag), each.value(tag) or b"")
        return dict(sorted(row.items()))


def _by_study(scope: Sequence[Instance]) -> _Studies:
    found: _Studies = {}
    for each in scope:
        found.setdefault(each.value(STUDY_UID) or b"", []).append(each)
    return found


def _tag(name: str) -> int:
    tag = _KEYWORDS.get(name)
    if tag is None and len(name) == 8 and all(digit in "0123456789abcdefABCDEF" for digit in name):
        tag = int(name, 16)
    if tag not in _TOLD:
        raise RefusedError(400, "key unknown")
    assert tag is not None
    return tag


def _known_fields(value: str) -> None:
    """Refuse names that are no attributes; what is kept is told in any case."""
    for name in value.split(","):
        if name != "all" and not (name.isascii() and name.isalnum()):
            raise RefusedError(400, "no attribute")


def _count(value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) <= 9):
        raise RefusedError(400, "no count")
    return int(value)


def _text(uid: bytes | None) -> str:
    """Return a UID for a URL; the other side of the device may have stored what is none."""
    return quote((uid or b"").rstrip(b"\0 "), safe="")
