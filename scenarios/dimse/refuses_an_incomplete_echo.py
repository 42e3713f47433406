"""DIM-01 for Verification: mandatory command elements are missing."""

from harness.model import Claim, Role, Severity
from harness.oracles import refuses_operation
from harness.registry import scenario
from harness.stage import Stage
from simulators import wire
from simulators.queries import send_lying_command
from simulators.requestor import Requestor

# The group length is not among them: a receiver that counts for itself loses nothing without it.
_MANDATORY = ("AffectedSOPClassUID", "CommandField", "MessageID", "CommandDataSetType")


@scenario(
    id="DIM-001",
    verifies=["PS3.7/9.3", "HOUSE/ORDERLY-REFUSAL", "HOUSE/STAYS-IN-SERVICE"],
    threats=["T-AVAIL-02"],
    weakness=["CWE-476", "CWE-20"],
    references=["CVE-2024-34508", "CVE-2024-34509", "CVE-2021-41688"],
    role=Role.ACCEPTOR,
    needs={Claim.VERIFICATION_SCP},
    severity=Severity.MEDIUM,
    twin="ASC-900",
    control="tolerates_missing_command_elements",
    oracles=[refuses_operation()],
    vary=[{"missing": keyword} for keyword in _MANDATORY],
)
def refuses_an_incomplete_echo(stage: Stage) -> None:
    """A C-ECHO request without one of its mandatory command elements is refused.

    A parser that trusts every element to be there follows a null pointer when one is not, or fills
    in whatever the last message left. Several published crashes of DICOM servers took one missing
    element. A good device answers a failure status or aborts, and goes on serving.

    Remedy: Check that each mandatory element is present before anything reads its value.
    """
    with Requestor(stage) as attacker:
        attacker.associate()
        command = wire.c_echo_rq(attacker.next_message_id())
        send_lying_command(attacker, command.without(str(stage.case["missing"])))
        attacker.wait_for_ending()
