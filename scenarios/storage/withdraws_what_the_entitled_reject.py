"""The twin of the rejection notes without a right."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import succeeds, withdraws_what_it_names
from harness.registry import scenario
from harness.stage import Stage
from simulators.rejecting import look_for, reject, served_object


@scenario(
    id="STO-913",
    verifies=["HOUSE/HONEST-SERVICE", "IHE/RAD-66"],
    threats=["T-AVAIL-02"],
    weakness=[],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP, Claim.RETRIEVE_SCP, Claim.REJECTION_RIGHT},
    severity=Severity.LOW,
    twin=None,
    control="ignores_rejection_notes",
    oracles=[succeeds(), withdraws_what_it_names()],
    safety=Safety.STORES_OBJECTS,
    alone=True,
)
def withdraws_what_the_entitled_reject(stage: Stage) -> None:
    """A rejection note of a caller that has the right withdraws the object that it names.

    That notes of others have no effect means something only where a note has one at all.

    Remedy: Take rejection notes of the configured callers, and stop serving what they name.
    """
    thing = served_object(stage)
    reject(stage, thing, "quality", entitled=True)
    look_for(stage, thing)
