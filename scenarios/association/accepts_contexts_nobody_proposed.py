"""ASC-07 for requestors: an acceptance of presentation contexts that were not proposed."""

from collections.abc import Sequence
from dataclasses import replace

from harness.model import Claim, Role, Severity
from harness.oracles import client_keeps_to_contexts
from harness.registry import scenario
from harness.stage import Stage
from simulators import wire
from simulators.acceptor import Acceptor
from simulators.wire import uids

_REFUSED = 3


@scenario(
    id="ASC-107",
    verifies=["PS3.8/9.3.3.2", "PS3.8/7.1.1.13", "HOUSE/CONTEXT-CHECK"],
    threats=["T-INTEG-05"],
    weakness=["CWE-119", "CWE-863"],
    references=["ConQuest-log"],
    role=Role.REQUESTOR,
    needs={Claim.VERIFICATION_SCU},
    severity=Severity.MEDIUM,
    twin="ASC-950",
    control="scu_uses_unproposed_context",
    oracles=[client_keeps_to_contexts()],
    vary=[{"accepts": how} for how in ("another", "another-beside", "twice")],
)
def accepts_contexts_nobody_proposed(stage: Stage) -> None:
    """A requestor uses only presentation contexts that it proposed itself.

    A hostile acceptor accepts an id that nobody proposed, instead of the proposed one or beside it,
    or one id twice with different answers. A requestor that takes over the list as it comes talks
    about objects in a syntax that it never offered. A good one aborts; one that ignores the surplus
    and goes on with what it had proposed is tolerated.

    Remedy: Look up each accepted id among the proposed ones, once, with a transfer syntax of ours.
    """
    with Acceptor(stage) as hostile:
        honest = hostile.accept()
        proposed = sorted(wire.accepted_contexts(honest))
        stage.require(proposed, "the device proposed no context that we accept")
        how = str(stage.case["accepts"])
        usable = [] if how == "another" else proposed
        stage.observe("negotiated", usable=usable)
        items = _answers(how, honest.items, free=_free_id(honest.items))
        hostile.send(replace(honest, items=items), stimulus=True)
        hostile.see_out()


def _answers(how: str, items: Sequence[wire.ItemLike], *, free: int) -> tuple[wire.ItemLike, ...]:
    answered: list[wire.ItemLike] = []
    for item in items:
        if not isinstance(item, wire.PresentationContextAC):
            answered.append(item)
        elif how == "another":
            answered += [replace(item, result=_REFUSED), replace(item, id=free)]
        elif how == "another-beside":
            answered += [item, replace(item, id=free)]
        else:
            answered += [item, replace(item, transfer_syntax=uids.JPEG_BASELINE)]
    return tuple(answered)


def _free_id(items: Sequence[wire.ItemLike]) -> int:
    taken = {item.id for item in items if isinstance(item, wire.PresentationContextAC)}
    return next(number for number in range(255, 0, -2) if number not in taken)
