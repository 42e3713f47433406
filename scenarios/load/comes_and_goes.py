"""LOAD-011: one association after the other, and whether that slows the device."""

from harness.model import Claim, Role, Severity
from harness.oracles import all_answered, recovers_within
from harness.registry import scenario
from harness.stage import Stage
from simulators.load.scene import load, plan, quickness, recover

_COUNT = 50
_SLOW_S = 2.0


@scenario(
    id="LOAD-011",
    verifies=["HOUSE/SERVES-UNDER-LOAD", "HOUSE/RECOVERS"],
    threats=["T-AVAIL-09", "T-AVAIL-11"],
    weakness=["CWE-407"],
    role=Role.ACCEPTOR,
    needs={Claim.ACCEPTOR, Claim.VERIFICATION_SCP, Claim.CONCURRENT_ASSOCIATIONS},
    severity=Severity.MEDIUM,
    twin="ASC-900",
    control="slows_with_churn",
    oracles=[all_answered(), recovers_within(_SLOW_S)],
    budget_s=60,
    alone=True,
    bystander=False,
)
def comes_and_goes(stage: Stage) -> None:
    """Associations that come and go do not make each later one slower.

    A list that is searched at each association and never shortened, a log that is read to its
    end: the device gets slower with each caller, until a restart. Fifty short associations are
    enough to see it, and a scanner on the network makes as many in a minute.

    Remedy: Forget an association when it has ended; look for lists that only grow.
    """
    usual = quickness(stage)
    load(stage, plan(stage, "associate", associations=2, count=_COUNT))
    recover(stage, usual, _SLOW_S)
