"""ASC-07: presentation context identifiers that are even, zero, repeated or too many."""

from harness.model import Claim, Role, Severity
from harness.oracles import accepts_only
from harness.registry import scenario
from harness.stage import Stage
from scenarios.association.steps import hear_answer
from simulators import wire
from simulators.requestor import Requestor
from simulators.wire import uids

_ODD = range(1, 256, 2)
_PROPOSALS: dict[str, tuple[int, ...]] = {
    "zero": (1, 0),
    "even": (1, 2, 254),
    "repeated": (1, 3, 3),
    "129 contexts": (*_ODD, 1),
}
"""Proposed identifiers in order; 128 is the most that odd identifiers up to 255 allow."""


@scenario(
    id="ASC-007",
    verifies=["PS3.8/9.3.2.2", "PS3.8/7.1.1.13", "PS3.8/9.3.3.2"],
    threats=["T-AVAIL-02", "T-INTEG-07"],
    weakness=["CWE-119", "CWE-694"],
    references=["ConQuest-log"],
    role=Role.ACCEPTOR,
    needs={Claim.ACCEPTOR, Claim.VERIFICATION_SCP},
    severity=Severity.MEDIUM,
    twin="ASC-900",
    control="accepts_bad_context_ids",
    oracles=[accepts_only(_ODD)],
    vary=[{"proposal": name} for name in _PROPOSALS],
)
def repeats_context_identifiers(stage: Stage) -> None:
    """An acceptor never accepts an even identifier, or two contexts with the same one.

    An identifier selects how the data that follow are read. If two contexts share one, device and
    peer may read the same bytes by different rules; and tables that were made for 128 contexts
    overflow with the next. Refusing the request, or the doubtful contexts, are both in order.

    Remedy: Accept only odd identifiers, each at most once, and at most 128 contexts.
    """
    proposed = _PROPOSALS[str(stage.case["proposal"])]
    contexts = [wire.Context(number, uids.VERIFICATION, (uids.IMPLICIT_LE,)) for number in proposed]
    with Requestor(stage) as attacker:
        attacker.send(attacker.request(contexts), lie=f"items[{len(proposed)}].id")
        hear_answer(attacker)
