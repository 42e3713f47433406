"""DIM-01 for Query: mandatory command elements are missing."""

from harness.model import Claim, Role, Severity
from harness.oracles import refuses_operation
from harness.registry import scenario
from harness.stage import Stage
from simulators import wire
from simulators.objects import uid
from simulators.queries import QUERY, send_lying_command, study_keys
from simulators.requestor import Requestor

_MANDATORY = ("AffectedSOPClassUID", "CommandField", "MessageID", "CommandDataSetType")


@scenario(
    id="DIM-001C",
    verifies=["PS3.7/9.3", "HOUSE/ORDERLY-REFUSAL", "HOUSE/STAYS-IN-SERVICE"],
    threats=["T-AVAIL-02"],
    weakness=["CWE-476", "CWE-20"],
    references=["CVE-2024-34508", "CVE-2024-34509", "CVE-2021-41690"],
    role=Role.ACCEPTOR,
    needs={Claim.QUERY_SCP},
    severity=Severity.HIGH,
    twin="DIM-900",
    control="tolerates_missing_command_elements",
    oracles=[refuses_operation()],
    vary=[{"missing": keyword} for keyword in _MANDATORY],
)
def refuses_an_incomplete_query(stage: Stage) -> None:
    """A C-FIND request without one of its mandatory command elements is refused.

    A query server reads the command set before it looks at the identifier, often by code of its
    own. A missing element then means a null pointer, or an answer that belongs to no request. A
    good device answers a failure status or aborts.

    Remedy: Check that each mandatory element is present before anything reads its value.
    """
    with Requestor(stage) as attacker:
        attacker.associate((QUERY,))
        identifier = wire.encode_dataset(study_keys(uid(stage, 2)), attacker.contexts[QUERY.id])
        command = wire.c_find_rq(message_id=attacker.next_message_id())
        send_lying_command(attacker, command.without(str(stage.case["missing"])), identifier)
        attacker.wait_for_ending()
