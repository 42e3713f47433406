"""TXT-01: line breaks and terminal sequences in what is stored."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import log_escapes_controls, log_lines_are_its_own, log_stays_whole, reacts
from harness.registry import scenario
from harness.stage import Stage
from simulators import hostile, wire
from simulators.observers import marker
from simulators.queries import STORAGE
from simulators.requestor import Requestor

_FIELDS = {
    "patient name": hostile.PATIENT_NAME_TAG,
    "patient ID": hostile.PATIENT_ID,
    "institution": 0x00080080,
    "SOP Instance UID": hostile.SOP_INSTANCE_UID,
}


@scenario(
    id="TXT-001",
    verifies=["HOUSE/LOG-INTEGRITY", "HOUSE/STAYS-IN-SERVICE"],
    threats=["T-INTEG-06"],
    weakness=["CWE-117"],
    references=["ConQuest-log"],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP},
    severity=Severity.MEDIUM,
    twin="STO-900",
    control="raw_log",
    oracles=[log_stays_whole(), log_lines_are_its_own(), log_escapes_controls(), reacts()],
    vary=[{"field": field} for field in _FIELDS],
    safety=Safety.STORES_OBJECTS,
)
def hides_lines_in_objects(stage: Stage) -> None:
    """Control characters in a stored object cannot forge a line of the device's log.

    Names and numbers of patients are written to logs when something goes wrong, and often when all
    goes well. A line break begins a line of the sender's own, which accuses somebody else, and a
    terminal sequence hides the line before it from whoever reads.

    Remedy: Escape everything but printable characters before it reaches a log.
    """
    mark = marker(stage)
    text = f"A\x1b[7m{mark}\r\n{mark}"
    tag = _FIELDS[str(stage.case["field"])]
    with Requestor(stage) as attacker:
        attacker.associate((STORAGE,))
        content = hostile.replacing(hostile.elements(stage), tag, text)
        thing = hostile.as_object(content, attacker.contexts[STORAGE.id])
        command = wire.c_store_rq(thing.sop_class, thing.sop_instance, attacker.next_message_id())
        attacker.invoke(command, thing.dataset, lie="pdvs[0].data")
        attacker.wait_for_ending()
