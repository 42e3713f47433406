"""DIM-07: a C-STORE says that no data set follows, and one follows."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import refuses_operation
from harness.registry import scenario
from harness.stage import Stage
from simulators import wire
from simulators.objects import synthetic_object
from simulators.queries import STORAGE, send_lying_command
from simulators.requestor import Requestor


@scenario(
    id="DIM-007C",
    verifies=["PS3.7/9.3", "PS3.4/B.2.3", "HOUSE/STAYS-IN-SERVICE"],
    threats=["T-INTEG-01", "T-AVAIL-02"],
    weakness=["CWE-20", "CWE-476"],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP},
    severity=Severity.MEDIUM,
    twin="STO-900",
    control="ignores_data_set_type",
    oracles=[refuses_operation()],
    safety=Safety.STORES_OBJECTS,
)
def refuses_a_store_without_data_set(stage: Stage) -> None:
    """A C-STORE whose command announces no data set is refused.

    There is nothing to store, whatever comes after the command. A device that goes on regardless
    works on a data set that does not exist, or on one that its gateway did not look at. A good
    device answers a failure status or aborts; it never says that an object was stored.

    Remedy: Refuse a C-STORE whose Command Data Set Type is 0101H before anything else.
    """
    with Requestor(stage) as attacker:
        attacker.associate((STORAGE,))
        thing = synthetic_object(stage, transfer_syntax=attacker.contexts[STORAGE.id])
        command = wire.c_store_rq(thing.sop_class, thing.sop_instance, attacker.next_message_id())
        lying = command.replacing("CommandDataSetType", wire.NO_DATA_SET)
        send_lying_command(attacker, lying, thing.dataset)
        attacker.wait_for_ending()
