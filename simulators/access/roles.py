"""Role selection turned round (PS3.7 D.3.3.4): who asks, and who serves."""

from __future__ import annotations

from harness.stage import Stage
from simulators import wire
from simulators.describe import reaction_of
from simulators.queries import UNCOMPRESSED
from simulators.requestor import ANSWER_S, Requestor
from simulators.wire import uids

REVERSED, BOTH, NEITHER = "SCP only", "SCU and SCP", "neither"
"""Which roles we propose to take."""

_ROLES = {REVERSED: (0, 1), BOTH: (1, 1), NEITHER: (0, 0)}
_CLASSES = (
    ("verification", uids.VERIFICATION),
    ("storage", uids.SECONDARY_CAPTURE),
    ("storage", uids.CT_IMAGE_STORAGE),
    ("query", uids.STUDY_ROOT_FIND),
    ("query", uids.PATIENT_ROOT_FIND),
    ("retrieve", uids.STUDY_ROOT_GET),
    ("retrieve", uids.STUDY_ROOT_MOVE),
    ("storage-commitment", uids.STORAGE_COMMITMENT_PUSH),
    ("worklist", uids.MODALITY_WORKLIST_FIND),
    ("mpps", uids.MODALITY_PERFORMED_PROCEDURE_STEP),
)


def propose_roles(stage: Stage, which: str) -> None:
    """Proposes roles for every class that we know; each answer is a ``role``."""
    asked = _ROLES[which]
    contexts = [
        wire.Context(2 * at + 1, sop_class, UNCOMPRESSED)
        for at, (_, sop_class) in enumerate(_CLASSES)
    ]
    items = [
        wire.RoleSelection(uid=sop_class, scu=asked[0], scp=asked[1]) for _, sop_class in _CLASSES
    ]
    with Requestor(stage) as attacker:
        attacker.send(attacker.request(contexts, user_items=items), stimulus=True)
        answer = attacker.receive(ANSWER_S)
        stage.require(answer, "the proposal was not answered")
        assert answer is not None
        attacker.conclude(*reaction_of(answer))
        accepted = isinstance(answer, wire.AssociateAC)
        _tell(stage, answer if isinstance(answer, wire.AssociateAC) else None, asked)
        if accepted:
            attacker.release()


def _tell(stage: Stage, answer: wire.AssociateAC | None, asked: tuple[int, int]) -> None:
    items = wire.user_items_of(answer) if answer is not None else []
    given = {
        _uid(item): (int(item.scu), int(item.scp))
        for item in items
        if isinstance(item, wire.RoleSelection)
    }
    taken = wire.accepted_contexts(answer) if answer is not None else {}
    for at, (service, sop_class) in enumerate(_CLASSES):
        # A context that was refused has no roles, whatever the answer says of them.
        answered = given.get(sop_class) if 2 * at + 1 in taken else None
        stage.observe(
            "role",
            service=service,
            sop_class=sop_class,
            asked=list(asked),
            answered=list(answered) if answered is not None else None,
        )


def _uid(item: wire.RoleSelection) -> str:
    raw = item.uid
    return (raw.decode("latin-1") if isinstance(raw, bytes) else raw).rstrip("\0 ")
