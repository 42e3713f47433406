"""The twin of the load scenarios: a hundred objects on two associations."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import all_answered
from harness.registry import scenario
from harness.stage import Stage
from simulators.load.scene import load, plan

_COUNT = 100


@scenario(
    id="LOAD-900",
    verifies=["HOUSE/SERVES-UNDER-LOAD", "HOUSE/HONEST-SERVICE"],
    threats=["T-AVAIL-09"],
    weakness=[],
    role=Role.ACCEPTOR,
    needs={Claim.ACCEPTOR, Claim.STORAGE_SCP, Claim.CONCURRENT_ASSOCIATIONS},
    severity=Severity.MEDIUM,
    twin=None,
    control="fails_store",
    oracles=[all_answered()],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
    alone=True,
    bystander=False,
)
def stores_on_two_associations(stage: Stage) -> None:
    """A hundred small objects on two associations are all answered with success.

    This is what a quiet afternoon asks of an archive. What fails here fails without any load, so
    that nothing can be concluded about load from it.

    Remedy: Serve associations independently of each other, and answer each C-STORE.
    """
    load(stage, plan(stage, "store", associations=2, count=_COUNT))
