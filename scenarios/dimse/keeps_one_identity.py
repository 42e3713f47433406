"""DIM-05: command and data set name different SOP instances."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import refuses_or_warns
from harness.registry import scenario
from harness.stage import Stage
from simulators import wire
from simulators.objects import synthetic_object, uid
from simulators.queries import STORAGE
from simulators.requestor import Requestor


@scenario(
    id="DIM-005",
    verifies=["HOUSE/ONE-IDENTITY", "PS3.4/B.2.3"],
    threats=["T-INTEG-01", "T-INTEG-07"],
    weakness=["CWE-345"],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP},
    severity=Severity.HIGH,
    twin="STO-900",
    control="ignores_uid_mismatch",
    oracles=[refuses_or_warns(0xA900)],
    safety=Safety.STORES_OBJECTS,
)
def keeps_one_identity(stage: Stage) -> None:
    """An object whose command and data set name different SOP instances is not stored silently.

    The sender's journal, the index and a storage commitment follow the command; viewers and
    exports follow the data set. An object that bears two identities replaces one image in one
    place and another elsewhere. A good device answers A900H; one that coerces the data set says so
    by a warning. Plain success tells the sender that the object stands under the name of the
    command and exactly as it was sent, and one of the two is false.

    Remedy: Compare the SOP Instance UID of command and data set; refuse, or coerce and warn.
    """
    with Requestor(stage) as attacker:
        attacker.associate((STORAGE,))
        thing = synthetic_object(stage, transfer_syntax=attacker.contexts[STORAGE.id])
        other = uid(stage, 1, 99)
        command = wire.c_store_rq(thing.sop_class, other, attacker.next_message_id())
        attacker.invoke(command, thing.dataset, lie="pdvs[0].data")
        attacker.wait_for_ending()
