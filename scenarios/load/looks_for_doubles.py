"""LOAD-013: no acknowledged object is there twice."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import duplicates_nothing
from harness.registry import scenario
from harness.stage import Stage
from simulators.load.scene import load, look_for, plan

_COUNT = 120


@scenario(
    id="LOAD-013",
    verifies=["HOUSE/NOTHING-LOST"],
    threats=["T-INTEG-08"],
    weakness=["CWE-694"],
    role=Role.ACCEPTOR,
    needs={Claim.ACCEPTOR, Claim.STORAGE_SCP, Claim.CONCURRENT_ASSOCIATIONS},
    severity=Severity.HIGH,
    twin="LOAD-900",
    control="stores_twice",
    oracles=[duplicates_nothing()],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
    alone=True,
    bystander=False,
)
def looks_for_doubles(stage: Stage) -> None:
    """No object is kept or listed more often than it was sent.

    A doubled image is counted twice, measured twice and reported twice, and makes a study look
    longer than it was. A device that tries again inside, after a short failure of its own, must
    notice that the first attempt had succeeded.

    Remedy: Make the SOP Instance UID the unique key of the index, and storing idempotent.
    """
    driven = load(stage, plan(stage, "store", associations=4, count=_COUNT))
    look_for(stage, driven.acknowledged)
