"""DIM-01 for procedure steps: mandatory command elements are missing."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import refuses_operation
from harness.registry import scenario
from harness.stage import Stage
from simulators import wire
from simulators.objects import encoded, uid
from simulators.procedure_steps import STEP, begun, ended, tell_honestly
from simulators.queries import send_lying_command
from simulators.requestor import Requestor
from simulators.wire import uids

_CREATE = ("AffectedSOPClassUID", "CommandField", "MessageID", "CommandDataSetType")
_SET = ("RequestedSOPClassUID", "MessageID", "RequestedSOPInstanceUID")


@scenario(
    id="DIM-001E",
    verifies=["PS3.7/10.3", "HOUSE/ORDERLY-REFUSAL", "HOUSE/STAYS-IN-SERVICE"],
    threats=["T-AVAIL-02"],
    weakness=["CWE-476", "CWE-20"],
    references=["CVE-2024-34508", "CVE-2024-34509"],
    role=Role.ACCEPTOR,
    needs={Claim.MPPS_SCP},
    severity=Severity.HIGH,
    twin="INT-906",
    control="tolerates_missing_command_elements",
    oracles=[refuses_operation()],
    safety=Safety.STORES_OBJECTS,
    vary=[
        *({"service": "N-CREATE", "missing": keyword} for keyword in _CREATE),
        *({"service": "N-SET", "missing": keyword} for keyword in _SET),
    ],
)
def refuses_incomplete_steps(stage: Stage) -> None:
    """An N-CREATE or N-SET without one of its mandatory command elements is refused.

    An N-SET that names no instance has been known to change the last one that was touched, and an
    answer without a message id belongs to no request. A good device answers a failure status or
    aborts. Affected SOP Instance UID is not asked for here: a device may assign one by itself.

    Remedy: Check that each mandatory element is present before anything reads its value.
    """
    step, creates = uid(stage, 7), stage.case["service"] == "N-CREATE"
    if not creates:
        tell_honestly(stage, step)
    with Requestor(stage) as attacker:
        attacker.associate((STEP,))
        make = wire.n_create_rq if creates else wire.n_set_rq
        command = make(uids.MODALITY_PERFORMED_PROCEDURE_STEP, step, attacker.next_message_id())
        attributes = begun(stage) if creates else ended(stage)
        data = encoded(attributes, attacker.contexts[STEP.id])
        send_lying_command(attacker, command.without(str(stage.case["missing"])), data)
        attacker.wait_for_ending()
