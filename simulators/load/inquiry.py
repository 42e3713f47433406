"""Questions about stored objects: how many matches come, and which objects are committed."""

from __future__ import annotations

import io
from typing import Final

from pydicom import Dataset
from pydicom.filereader import read_dataset

from harness.stage import Stage
from simulators import wire
from simulators.load import naming, objects
from simulators.load.acknowledged import Acknowledged
from simulators.load.encoded import prepare_commit, prepare_find
from simulators.load.errands import PLAIN
from simulators.load.link import Link
from simulators.load.scene import ACTOR, ANSWER_S, target
from simulators.load.waiting import LinkError
from simulators.wire import uids

_FIND: Final = wire.Context(1, uids.STUDY_ROOT_FIND, (uids.EXPLICIT_LE, uids.IMPLICIT_LE))
_COMMIT: Final = wire.Context(1, uids.STORAGE_COMMITMENT_PUSH, (uids.EXPLICIT_LE,))
_REPORT_S: Final = 5.0
_UNKNOWN_FROM: Final = naming.MOST_NUMBERS - 1000


def count_results(stage: Stage, owed: Acknowledged) -> None:
    """Asks for all images of the first lane's series; witnesses ``results``.

    ``existing`` is how many were stored there, ``received`` how many matches came, ``status`` the
    final one as "A700H"; empty when the device ended the association instead.
    """
    lane = next(iter(owed.lanes), 0)
    link = _opened(stage, _FIND)
    keys = (
        wire.Element(tag=0x00080018, vr="UI"),
        wire.Element(tag=0x00080052, vr="CS", value="IMAGE"),
        wire.Element(tag=0x0020000D, vr="UI", value=naming.study_uid(owed.uid_root, lane)),
        wire.Element(tag=0x0020000E, vr="UI", value=naming.series_uid(owed.uid_root, lane)),
    )
    identifier = wire.encode_dataset(keys, link.accepted[_FIND.id])
    asked = prepare_find(_FIND.id, uids.STUDY_ROOT_FIND, identifier, max_pdu=link.max_pdu)
    try:
        received, status = len(link.query(asked)), f"{link.status:04X}H"
        link.release()
    except LinkError as error:
        stage.require(link.status, f"the query was not answered: {error}")
        received, status = 0, ""
    stage.observe(
        "results", ACTOR, existing=sum(1 for _ in owed.numbers(lane)), received=received,
        status=status,
    )  # fmt: skip


def commit(stage: Stage, owed: Acknowledged, *, unknown: int) -> None:
    """Asks for commitment of what was stored and of as many more; witnesses ``commitment``.

    The report is taken on the same association; a device that opens another one for it
    (PS3.4 J.3.3 permits both) is not heard, and ``reported`` is False.

    Args:
        stage: The play.
        owed: What was stored.
        unknown: How many instances to name that never were.
    """
    known = [name for lane in owed.lanes for name in owed.uids(lane)]
    strange = [
        naming.sop_instance_uid(owed.uid_root, 0, _UNKNOWN_FROM + number)
        for number in range(unknown)
    ]
    link = _opened(stage, _COMMIT)
    named = [(objects.sop_class(PLAIN), name) for name in (*known, *strange)]
    asked = prepare_commit(
        _COMMIT.id,
        named,
        uid_root=owed.uid_root,
        lane=0,
        transfer_syntax=link.accepted[_COMMIT.id],
        max_pdu=link.max_pdu,
    )
    given: set[str] = set()
    reported = False
    try:
        status = link.perform(asked, 0)
        stage.require(status == 0, f"the request was answered with status {status:04X}H")
        reported = bool(link.reports) or link.await_report(_REPORT_S)
        for _, report in link.reports:
            given |= _committed(report)
        link.release()
    except LinkError as error:
        stage.require(reported, f"the association ended before a report came: {error}")
    stage.observe(
        "commitment", ACTOR, reported=reported, stored=len(known), unknown=unknown,
        committed=len(given.intersection(known)), falsely=len(given.intersection(strange)),
    )  # fmt: skip


def _opened(stage: Stage, context: wire.Context) -> Link:
    where = target(stage)
    link = Link(where, where.calling_aes[0], (context,), timeout_s=ANSWER_S)
    try:
        link.open()
    except LinkError as error:
        stage.require(False, f"the association was not accepted: {error}")
    stage.require(context.id in link.accepted, "the presentation context was not accepted")
    return link


def _committed(report: bytes) -> set[str]:
    """The instances that a report names as committed (Referenced SOP Sequence)."""
    try:
        dataset = read_dataset(io.BytesIO(report), is_implicit_VR=False, is_little_endian=True)
        items: list[Dataset] = list(dataset.get("ReferencedSOPSequence") or [])
        return {str(item.get("ReferencedSOPInstanceUID", "")) for item in items}
    except Exception:  # whatever pydicom says of a device's octets
        return set()
