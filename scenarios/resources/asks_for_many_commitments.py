"""RES-011: requests for storage commitment, more than anybody has."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import recovers_within, returns_to_base
from harness.registry import scenario
from harness.stage import Stage
from simulators.load.scene import load, plan, quickness, recover, rest

_OBJECTS = 4
_WARM = 20
_COUNT = 160
_LEFT_BEHIND = 24 * 1024.0
_GROWTH = int(_COUNT * _LEFT_BEHIND)
_QUICK_S = 5.0


@scenario(
    id="RES-011",
    verifies=["HOUSE/BOUNDED-QUEUE", "HOUSE/RETURNS-TO-BASE"],
    threats=["T-AVAIL-09", "T-AVAIL-11"],
    weakness=["CWE-770"],
    references=["arc-1010"],
    role=Role.ACCEPTOR,
    needs={
        Claim.ACCEPTOR,
        Claim.STORAGE_SCP,
        Claim.VERIFICATION_SCP,
        Claim.CONCURRENT_ASSOCIATIONS,
        Claim.STORAGE_COMMITMENT_SCP,
        Claim.RESTARTABLE,
    },
    severity=Severity.MEDIUM,
    twin="LOAD-900",
    control="queues_without_limit",
    oracles=[returns_to_base(per_request_bytes=_LEFT_BEHIND), recovers_within(_QUICK_S)],
    budget_s=120,
    safety=Safety.STORES_OBJECTS,
    alone=True,
    bystander=False,
)
def asks_for_many_commitments(stage: Stage) -> None:
    """A flood of requests for storage commitment fills no queue without end and slows nobody.

    N-ACTION is answered before the work is done, so that a device which notes every request and
    works them off later has a queue that others fill. It may refuse them, or work them off; it
    may not keep them for ever, nor keep others waiting.

    Remedy: Bound the queue of each caller, and answer beyond it by a failure status.
    """
    owed = load(stage, plan(stage, "store", number=1, count=_OBJECTS)).acknowledged
    known = [name for lane in owed.lanes for name in owed.uids(lane)]
    stage.require(known, "no object was stored that could be committed")
    usual = quickness(stage)
    load(stage, plan(stage, "commit", number=2, count=_WARM, fetch=known))
    base = rest(stage, "before")
    load(stage, plan(stage, "commit", associations=2, count=_COUNT, fetch=known))
    rest(stage, "after", base, growth_bytes=_GROWTH)
    recover(stage, usual, _QUICK_S)
