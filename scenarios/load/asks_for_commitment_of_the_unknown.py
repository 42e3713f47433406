"""LOAD-016: storage commitment for objects that were never stored."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import commits_only_what_it_has
from harness.registry import scenario
from harness.stage import Stage
from simulators.load.inquiry import commit
from simulators.load.scene import load, plan

_STORED = 20
_UNKNOWN = 5


@scenario(
    id="LOAD-016",
    verifies=["PS3.4/J.3", "HOUSE/NOTHING-LOST"],
    threats=["T-INTEG-08"],
    weakness=["CWE-345"],
    role=Role.ACCEPTOR,
    needs={
        Claim.ACCEPTOR,
        Claim.STORAGE_SCP,
        Claim.CONCURRENT_ASSOCIATIONS,
        Claim.STORAGE_COMMITMENT_SCP,
    },
    severity=Severity.HIGH,
    twin="LOAD-900",
    control="commits_what_it_lacks",
    oracles=[commits_only_what_it_has()],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
    alone=True,
    bystander=False,
)
def asks_for_commitment_of_the_unknown(stage: Stage) -> None:
    """Storage commitment is given for what is stored, and for nothing else.

    After the commitment a modality deletes its only other copy. A device that commits whatever it
    is asked for makes the service worthless on the day on which an object did not arrive. It is
    asked for some objects that were stored, and in the same request for some that never were.

    Remedy: Look up each referenced instance, and report what is not there as failed (0112H).
    """
    owed = load(stage, plan(stage, "store", associations=2, count=_STORED)).acknowledged
    commit(stage, owed, unknown=_UNKNOWN)
