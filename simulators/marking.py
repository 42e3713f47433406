"""Objects that are known again by their content, whatever name they bear.

A *mark* is a number from 1 to 255 that stands in Instance Number and in every pixel, so that a
copy tells whose header and whose pixels it has.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from harness.oracles import is_failure
from harness.stage import Stage
from harness.verdict import Outcome
from simulators import hostile, wire
from simulators.objects import uid
from simulators.queries import STORAGE
from simulators.requestor import Requestor

ACTOR: Final = "polite"
"""Who stores honestly, and looks afterwards."""

SIDE: Final = 16
"""Rows and columns of a marked object, unless told otherwise."""

INSTANCE_NUMBER: Final = 0x00200013
_ROWS, _COLUMNS = 0x00280010, 0x00280011


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A marked object, not encoded yet.

    Attributes:
        mark: Its mark.
        name: Its SOP Instance UID, or what stands in its place.
        study: Its Study Instance UID.
        content: Its elements.
    """

    mark: int
    name: str
    study: str
    content: tuple[wire.Element, ...]

    def altered(self, tag: int, value: str) -> Marked:
        """The same object with another value for one of its identifying attributes."""
        name = value if tag == hostile.SOP_INSTANCE_UID else self.name
        study = value if tag == hostile.STUDY_INSTANCE_UID else self.study
        content = hostile.replacing(self.content, tag, value)
        return replace(self, name=name, study=study, content=content)


def marked(stage: Stage, mark: int, *, number: int = 1, side: int = SIDE) -> Marked:
    """A Secondary Capture object with a mark.

    Args:
        stage: Gives the unique identity.
        mark: From 1 to 255.
        number: Objects of one number have the same SOP Instance UID.
        side: Rows and columns; an even number.
    """
    content = hostile.elements(stage, number)
    for tag, value in (
        (INSTANCE_NUMBER, str(mark)),
        (_ROWS, side.to_bytes(2, "little")),
        (_COLUMNS, side.to_bytes(2, "little")),
        (hostile.PIXEL_DATA, bytes([mark]) * (side * side)),
    ):
        content = hostile.replacing(content, tag, value)
    return Marked(mark=mark, name=uid(stage, 1, number), study=uid(stage, 2), content=content)


def offer(
    stage: Stage, thing: Marked, *, actor: str = ACTOR, legal: bool = True, stimulus: bool = False
) -> bool:
    """Stores a marked object on an association of its own; True when the device says it has it.

    Witnesses ``offered``: ``mark``, ``name``, ``legal``, ``taken``, ``outcome`` and ``status``.

    Args:
        stage: The play.
        thing: What to store.
        actor: Who stores it.
        legal: It conforms, so that the device has no reason to refuse it.
        stimulus: This is what the play is about.

    Raises:
        PreconditionUnmetError: The device does not accept the association.
    """
    with Requestor(stage, actor=actor) as peer:
        peer.associate((STORAGE,))
        coded = hostile.as_object(thing.content, peer.contexts[STORAGE.id])
        outcome = peer.store(coded, stimulus=stimulus)
        taken = note(stage, thing, actor, outcome, legal=legal)
        if outcome is Outcome.RESPONDED:
            peer.release()
    return taken


def note(stage: Stage, thing: Marked, actor: str, outcome: Outcome, *, legal: bool = True) -> bool:
    """Witnesses ``offered`` by the actor's last outcome; True when the device took the object."""
    seen = stage.record({}).last("outcome", actor)
    status = seen.data.get("status") if seen else None
    answered = outcome is Outcome.RESPONDED and isinstance(status, int)
    taken = answered and isinstance(status, int) and not is_failure(status)
    stage.observe(
        "offered", actor, mark=thing.mark, name=thing.name, legal=legal, taken=taken,
        outcome=outcome.value, status=status if answered else None,
    )  # fmt: skip
    return taken
