"""RES-014: what a full storage refused must not be there."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import keeps_nothing_refused, refuses_when_full
from harness.registry import scenario
from harness.stage import Stage
from simulators.load.fullness import filled, look_for_refused


@scenario(
    id="RES-014",
    verifies=["HOUSE/STORAGE-FULL", "PS3.4/B.2.3"],
    threats=["T-INTEG-08"],
    weakness=["CWE-460"],
    role=Role.ACCEPTOR,
    needs={
        Claim.ACCEPTOR,
        Claim.STORAGE_SCP,
        Claim.CONCURRENT_ASSOCIATIONS,
        Claim.STORAGE_QUOTA,
        Claim.RESTARTABLE,
    },
    severity=Severity.HIGH,
    twin="LOAD-900",
    control="keeps_partial_when_full",
    oracles=[keeps_nothing_refused(), refuses_when_full()],
    budget_s=120,
    safety=Safety.STORES_OBJECTS,
    alone=True,
    bystander=False,
)
def looks_for_what_did_not_fit(stage: Stage) -> None:
    """An object that was refused because the storage was full is not there in part.

    The caller keeps what was refused and sends it again. If the device lists its first half
    meanwhile, somebody reads half a study, and the second attempt may be taken for a duplicate of
    the first.

    Remedy: Write beside the final name, and name and index the object when it is complete.
    """
    with filled(stage) as driven:
        look_for_refused(stage, driven)
