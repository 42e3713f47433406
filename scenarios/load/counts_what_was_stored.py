"""LOAD-002: every acknowledged object is looked for."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import loses_nothing
from harness.registry import scenario
from harness.stage import Stage
from simulators.load.scene import load, look_for, plan

_COUNT = 200


@scenario(
    id="LOAD-002",
    verifies=["HOUSE/NOTHING-LOST"],
    threats=["T-INTEG-08"],
    weakness=["CWE-393"],
    role=Role.ACCEPTOR,
    needs={Claim.ACCEPTOR, Claim.STORAGE_SCP, Claim.CONCURRENT_ASSOCIATIONS},
    severity=Severity.CRITICAL,
    twin="LOAD-900",
    control="loses_one_in_many",
    oracles=[loses_nothing()],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
    alone=True,
    bystander=False,
)
def counts_what_was_stored(stage: Stage) -> None:
    """No object is lost that was acknowledged with success.

    A modality deletes what the archive has acknowledged: one lost object of a hundred is a missing
    slice, and nobody notices. Two hundred objects come on four associations at a time; each is
    looked for afterwards by its own name. Objects that were refused are no loss.

    Remedy: Answer with success only when the object is written and indexed.
    """
    driven = load(stage, plan(stage, "store", associations=4, count=_COUNT))
    look_for(stage, driven.acknowledged)
