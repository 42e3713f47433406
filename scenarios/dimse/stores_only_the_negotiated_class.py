"""DIM-04: C-STORE of a SOP class for which the presentation context was not accepted."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import no_effect, refuses_operation
from harness.registry import scenario
from harness.stage import Stage
from simulators import wire
from simulators.objects import synthetic_object, uid
from simulators.queries import STORAGE, read_back
from simulators.requestor import Requestor
from simulators.wire import uids


@scenario(
    id="DIM-004",
    verifies=["PS3.7/9.1.1", "PS3.4/B.2", "HOUSE/CONTEXT-CHECK", "HOUSE/NO-EFFECT"],
    threats=["T-INTEG-04", "T-INTEG-01"],
    weakness=["CWE-863"],
    references=["dcm4che-332"],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP},
    severity=Severity.MEDIUM,
    twin="STO-900",
    control="ignores_sop_class_of_context",
    oracles=[refuses_operation(0x0122, 0xA900), no_effect()],
    safety=Safety.STORES_OBJECTS,
)
def stores_only_the_negotiated_class(stage: Stage) -> None:
    """A C-STORE of another SOP class than its presentation context was accepted for is refused.

    Which classes a peer may store is decided when the association is negotiated. A device that
    does not look again lets anybody who may store one class store all of them, in a transfer
    syntax that was never agreed for them. Here a CT image comes on a Secondary Capture context.

    Remedy: Compare the Affected SOP Class with the abstract syntax; answer 0122H or abort.
    """
    with Requestor(stage) as attacker:
        attacker.associate((STORAGE,))
        thing = synthetic_object(
            stage,
            transfer_syntax=attacker.contexts[STORAGE.id],
            SOPClassUID=uids.CT_IMAGE_STORAGE,
        )
        command = wire.c_store_rq(thing.sop_class, thing.sop_instance, attacker.next_message_id())
        attacker.invoke(command, thing.dataset, lie="pdvs[0].data")
        attacker.wait_for_ending()
    read_back(stage, thing, uid(stage, 3))
