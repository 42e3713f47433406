"""Questions about stored objects: how many matches come, and which objects are committed."""

from __future__ import annotations

from typing import Final

from harness.stage import Stage
from simulators import promises, wire
from simulators.load import naming, objects
from simulators.load.acknowledged import Acknowledged
from simulators.load.encoded import prepare_find
from simulators.load.errands import PLAIN
from simulators.load.link import Link
from simulators.load.scene import ACTOR, ANSWER_S, target
from simulators.load.waiting import LinkError
from simulators.objects import uid
from simulators.wire import uids

_FIND: Final = wire.Context(1, uids.STUDY_ROOT_FIND, (uids.EXPLICIT_LE, uids.IMPLICIT_LE))
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

    The report is taken wherever the device brings it (:mod:`simulators.promises`).

    Args:
        stage: The play.
        owed: What was stored.
        unknown: How many instances to name that never were.

    Raises:
        PreconditionUnmetError: The association or its context was not accepted.
    """
    sop_class = objects.sop_class(PLAIN)
    known = [(sop_class, name) for lane in owed.lanes for name in owed.uids(lane)]
    strange = [
        (sop_class, naming.sop_instance_uid(owed.uid_root, 0, _UNKNOWN_FROM + number))
        for number in range(unknown)
    ]
    transaction = uid(stage, 9)
    report = promises.commit(stage, [*known, *strange], transaction, stimulus=False, actor=ACTOR)
    promises.witness_report(stage, report, known=known, unknown=strange, actor=ACTOR)


def _opened(stage: Stage, context: wire.Context) -> Link:
    where = target(stage)
    link = Link(where, where.calling_aes[0], (context,), timeout_s=ANSWER_S)
    try:
        link.open()
    except LinkError as error:
        stage.require(False, f"the association was not accepted: {error}")
    stage.require(context.id in link.accepted, "the presentation context was not accepted")
    return link
