"""STO-13: a rejection note comes from somebody who may not reject."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import withdraws_nothing
from harness.registry import scenario
from harness.stage import Stage
from simulators.rejecting import TITLES, look_for, reject, served_object


@scenario(
    id="STO-013",
    verifies=["HOUSE/REJECTION-RIGHT", "HOUSE/NO-EFFECT", "IHE/RAD-66"],
    threats=["T-INTEG-01"],
    weakness=["CWE-862"],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP, Claim.RETRIEVE_SCP, Claim.REJECTION_RIGHT},
    severity=Severity.HIGH,
    twin="STO-913",
    control="anyone_may_reject",
    oracles=[withdraws_nothing()],
    safety=Safety.STORES_OBJECTS,
    alone=True,
    vary=[{"title": reason} for reason in TITLES],
)
def rejects_objects_without_right(stage: Stage) -> None:
    """A rejection note of a caller without the right withdraws nothing.

    DICOM has no request to delete, but archives obey key objects that say "rejected": images that
    one names are no longer shown. If everybody who may store may reject, one small object makes a
    study vanish, and nobody looks for what is not listed.

    Remedy: Name the callers whose rejection notes count, refuse those of others, and log both.
    """
    thing = served_object(stage)
    reject(stage, thing, str(stage.case["title"]), entitled=False)
    look_for(stage, thing)
