"""DIM-01 for Storage: mandatory command elements are missing."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import refuses_operation
from harness.registry import scenario
from harness.stage import Stage
from simulators import wire
from simulators.objects import synthetic_object
from simulators.queries import STORAGE, send_lying_command
from simulators.requestor import Requestor

_MANDATORY = (
    "AffectedSOPClassUID",
    "CommandField",
    "MessageID",
    "CommandDataSetType",
    "AffectedSOPInstanceUID",
)


@scenario(
    id="DIM-001B",
    verifies=["PS3.7/9.3", "PS3.7/9.1.1", "HOUSE/ORDERLY-REFUSAL", "HOUSE/STAYS-IN-SERVICE"],
    threats=["T-AVAIL-02", "T-INTEG-01"],
    weakness=["CWE-476", "CWE-20"],
    references=["CVE-2024-34508", "CVE-2024-34509", "CVE-2021-41689", "CVE-2025-14841"],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP},
    severity=Severity.HIGH,
    twin="STO-900",
    control="tolerates_missing_command_elements",
    oracles=[refuses_operation()],
    safety=Safety.STORES_OBJECTS,
    vary=[{"missing": keyword} for keyword in _MANDATORY],
)
def refuses_an_incomplete_store(stage: Stage) -> None:
    """A C-STORE request without one of its mandatory command elements is refused.

    Without class or instance nobody has said what is to be stored, and a server that takes the
    answer from elsewhere, or from memory that nobody set, crashes or files the object wrongly. A
    good device answers a failure status or aborts.

    Remedy: Check that each mandatory element is present before anything reads its value.
    """
    with Requestor(stage) as attacker:
        attacker.associate((STORAGE,))
        thing = synthetic_object(stage, transfer_syntax=attacker.contexts[STORAGE.id])
        command = wire.c_store_rq(thing.sop_class, thing.sop_instance, attacker.next_message_id())
        send_lying_command(attacker, command.without(str(stage.case["missing"])), thing.dataset)
        attacker.wait_for_ending()
