"""DIM-01 for the N-services: mandatory command elements are missing."""

from harness.model import Claim, Role, Severity
from harness.oracles import refuses_operation
from harness.registry import scenario
from harness.stage import Stage
from simulators.objects import uid
from simulators.promises import COMMITMENT, action, requested
from simulators.queries import send_lying_command
from simulators.requestor import Requestor
from simulators.wire import uids

_MANDATORY = (
    "RequestedSOPClassUID",
    "CommandField",
    "MessageID",
    "CommandDataSetType",
    "RequestedSOPInstanceUID",
    "ActionTypeID",
)


@scenario(
    id="DIM-001D",
    verifies=["PS3.7/10.3", "HOUSE/ORDERLY-REFUSAL", "HOUSE/STAYS-IN-SERVICE"],
    threats=["T-AVAIL-02"],
    weakness=["CWE-476", "CWE-20"],
    references=["CVE-2024-34508", "CVE-2024-34509"],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP, Claim.STORAGE_COMMITMENT_SCP},
    severity=Severity.HIGH,
    twin="INT-905",
    control="tolerates_missing_command_elements",
    oracles=[refuses_operation()],
    vary=[{"missing": keyword} for keyword in _MANDATORY],
)
def refuses_incomplete_services(stage: Stage) -> None:
    """An N-ACTION request without one of its mandatory command elements is refused.

    The N-services name class and instance by other elements than the C-services, and are read by
    code that few peers ever exercise. A missing element then means a null pointer, or an action
    on whatever instance comes first. A good device answers a failure status or aborts.

    Remedy: Check that each mandatory element is present before anything reads its value.
    """
    with Requestor(stage) as attacker:
        attacker.associate((COMMITMENT,))
        named = [(uids.SECONDARY_CAPTURE, uid(stage, 8, 1))]
        data = requested(named, uid(stage, 9), attacker.contexts[COMMITMENT.id])
        command = action(attacker).without(str(stage.case["missing"]))
        send_lying_command(attacker, command, data)
        attacker.wait_for_ending()
