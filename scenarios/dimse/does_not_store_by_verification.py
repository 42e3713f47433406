"""DIM-04: C-STORE on the presentation context of Verification."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import no_effect, refuses_operation
from harness.registry import scenario
from harness.stage import Stage
from simulators import wire
from simulators.objects import synthetic_object, uid
from simulators.queries import read_back
from simulators.requestor import VERIFICATION, Requestor


@scenario(
    id="DIM-004B",
    verifies=["PS3.7/9.1.1", "PS3.4/B.2", "HOUSE/CONTEXT-CHECK", "HOUSE/NO-EFFECT"],
    threats=["T-INTEG-04", "T-INTEG-01"],
    weakness=["CWE-863"],
    references=["dcm4che-332"],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP, Claim.VERIFICATION_SCP},
    severity=Severity.HIGH,
    twin="STO-900",
    control="ignores_sop_class_of_context",
    oracles=[refuses_operation(0x0122, 0x0211), no_effect()],
    safety=Safety.STORES_OBJECTS,
)
def does_not_store_by_verification(stage: Stage) -> None:
    """A C-STORE on the presentation context of Verification is refused.

    Verification is what devices grant to strangers. A device that serves every command on every
    context lets whoever may merely knock store images too, past the rights that negotiation gave.

    Remedy: Serve on each context only the operations of its abstract syntax.
    """
    with Requestor(stage) as attacker:
        attacker.associate()
        thing = synthetic_object(stage, transfer_syntax=attacker.contexts[VERIFICATION.id])
        command = wire.c_store_rq(thing.sop_class, thing.sop_instance, attacker.next_message_id())
        attacker.invoke(command, thing.dataset, lie="pdvs[0].data")
        attacker.wait_for_ending()
    read_back(stage, thing, uid(stage, 3))
