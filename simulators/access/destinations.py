"""C-MOVE to destinations that the requester may not use, and to one that only claims a title."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from harness.profile import Cell
from harness.stage import Stage
from simulators.access import operations
from simulators.access.callers import Caller, identity_of
from simulators.access.canary import ELSEWHERE, HOME, Canary
from simulators.access.matrix import cells, destination_for, plan, tell
from simulators.access.operations import CONTEXTS, MAIN_ID, REFUSED, UNTRIED, Target, Tried
from simulators.access.shelf import Shelf
from simulators.requestor import Requestor
from simulators.uninvited import is_let_in, stranger


def send_where_nobody_may(stage: Stage) -> None:
    """Has every identity that may move send to each destination that it may not send to.

    The object is one that it may have, so that nothing but the destination is wrong. The last
    destination is one that nobody can know.
    """
    shelf = Shelf(stage)
    tries = [(cell, title) for cell in _movers(stage) for title in _forbidden(stage, cell.identity)]
    plan(stage, len(tries))
    with Canary(stage) as canary:
        for cell, title in tries:
            tried = _move(stage, cell, title, shelf, canary)
            tell(stage, replace(cell, declared="forbidden"), tried, how=f"to {title}")
        canary.settle()


def send_where_nobody_is(stage: Stage) -> None:
    """Has an identity that may move send to a title that nobody can know."""
    cell = _entitled(stage)
    plan(stage, 1)
    with Canary(stage) as canary:
        title = stranger(stage)
        tried = _move(stage, cell, title, Shelf(stage), canary)
        canary.settle()
        tell(stage, replace(cell, declared="forbidden"), tried, how=f"to {title}")


def send_home(stage: Stage) -> None:
    """Has an identity send to a destination that it may send to: the honest exchange."""
    cell = _entitled(stage)
    plan(stage, 1)
    with Canary(stage) as canary:
        title = destination_for(stage, cell.identity)
        tell(stage, cell, _move(stage, cell, title, Shelf(stage), canary), how=f"to {title}")


def pose_as_the_destination(stage: Stage) -> None:
    """Calls by the title of a destination from another address, then has somebody send there.

    ``sent`` tells to which of the two addresses the object came.
    """
    cell = _entitled(stage)
    title = destination_for(stage, cell.identity)
    with (
        Canary(stage, (HOME, ELSEWHERE)) as canary,
        Requestor(stage, source=ELSEWHERE, calling=title) as poser,
    ):
        if is_let_in(poser, lie="calling"):
            poser.echo()  # and the association stays, while somebody sends to its title
        else:
            poser.close()  # some devices serve nobody else while a refused one stays
        shelf = Shelf(stage)
        tried = _move(stage, cell, title, shelf, canary)
        canary.settle()
        thing = shelf.laid(cell).thing
        stage.require(thing, tried.detail)
        assert thing is not None
        stage.observe(
            "sent",
            home=canary.arrived(thing.sop_instance, HOME),
            elsewhere=canary.arrived(thing.sop_instance, ELSEWHERE),
            detail=tried.detail,
        )


def _movers(stage: Stage) -> Iterator[Cell]:
    """One allowed C-MOVE of each identity that has one."""
    seen: set[str] = set()
    for cell in cells(stage, "allowed"):
        if cell.operation == "move" and cell.identity not in seen:
            seen.add(cell.identity)
            yield cell


def _entitled(stage: Stage) -> Cell:
    section = stage.profile.authorisation
    entitled = {who for names in section.destinations.values() for who in names} if section else {}
    for cell in _movers(stage):
        if cell.identity in entitled:
            return cell
    stage.require(False, "no identity may have objects sent anywhere")
    raise AssertionError("unreachable")


def _forbidden(stage: Stage, identity: str) -> list[str]:
    section = stage.profile.authorisation
    known = section.destinations if section else {}
    return [*(title for title, who in known.items() if identity not in who), stranger(stage)]


def _move(stage: Stage, cell: Cell, title: str, shelf: Shelf, canary: Canary) -> Tried:
    laid = shelf.laid(cell)
    if laid.thing is None:
        return Tried(result=UNTRIED, detail=laid.why_not)
    called = shelf.section(cell.object).ae_title
    with Caller(stage, identity_of(stage, cell.identity), called=called) as peer:
        if not peer.enter(CONTEXTS["move"]):
            return operations.of_refusal(peer.ending)
        if MAIN_ID not in peer.contexts:
            peer.leave()
            return Tried(result=REFUSED, detail="the context of the service was refused")
        target = Target(thing=laid.thing, destination=title, canary=canary)
        tried = operations.try_once(peer, "move", target)
        peer.leave()
        return tried
