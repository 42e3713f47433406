"""AUT-01 for Storage: an AE title that nobody has configured."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import no_effect, not_served
from harness.registry import scenario
from harness.stage import Stage
from simulators.objects import synthetic_object, uid
from simulators.queries import STORAGE, read_back
from simulators.requestor import Requestor
from simulators.uninvited import is_let_in, stranger


@scenario(
    id="AUT-001B",
    verifies=["HOUSE/AE-ALLOW-LIST", "PS3.8/9.3.4/CALLING", "HOUSE/NO-EFFECT"],
    threats=["T-IMPERS-01", "T-INTEG-01"],
    weakness=["CWE-306"],
    references=["Orthanc-default-store", "Aplite-2023"],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP, Claim.CHECKS_CALLING_AE},
    severity=Severity.HIGH,
    twin="STO-900",
    control="unknown_ae_may_store",
    oracles=[not_served(source=1, reason=3), no_effect()],
    safety=Safety.STORES_OBJECTS,
)
def takes_objects_from_friends_only(stage: Stage) -> None:
    """A C-STORE from an unknown AE title is not served.

    Some products protect what they give out by a list of callers, but take whatever anybody sends.
    False images in a patient's folder are at least as dangerous as stolen ones. A good device
    rejects the association; one that refuses the context or the request is as safe.

    Remedy: Apply the list of calling AE titles to storage as well as to query and retrieve.
    """
    transfer_syntax = STORAGE.transfer_syntaxes[0]
    with Requestor(stage, calling=stranger(stage)) as attacker:
        if is_let_in(attacker, (STORAGE,), lie="calling"):
            transfer_syntax = attacker.contexts[STORAGE.id]
            attacker.store(synthetic_object(stage, transfer_syntax=transfer_syntax))
    read_back(stage, synthetic_object(stage, transfer_syntax=transfer_syntax), uid(stage, 3))
