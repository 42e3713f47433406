"""TXT-01: line breaks and terminal sequences in the keys of a query."""

from harness.model import Claim, Role, Severity
from harness.oracles import log_escapes_controls, log_lines_are_its_own, log_stays_whole, reacts
from harness.registry import scenario
from harness.stage import Stage
from simulators.inquiry import identifier
from simulators.objects import uid
from simulators.observers import marker
from simulators.queries import QUERY, find
from simulators.requestor import Requestor

_KEYS = {"PatientName": "PatientName", "PatientID": "PatientID", "level": "QueryRetrieveLevel"}


@scenario(
    id="TXT-001B",
    verifies=["HOUSE/LOG-INTEGRITY", "HOUSE/STAYS-IN-SERVICE"],
    threats=["T-INTEG-06"],
    weakness=["CWE-117"],
    references=["ConQuest-log"],
    role=Role.ACCEPTOR,
    needs={Claim.QUERY_SCP},
    severity=Severity.MEDIUM,
    twin="DIM-900",
    control="raw_log",
    oracles=[log_stays_whole(), log_lines_are_its_own(), log_escapes_controls(), reacts()],
    vary=[{"key": key} for key in _KEYS],
)
def hides_lines_in_keys(stage: Stage) -> None:
    """Control characters in the keys of a query cannot forge a line of the device's log.

    Who asked for whom is what the log of an archive is read for after a breach. A key with a line
    break writes a line of its own into it, and one with a terminal sequence hides what it asked.

    Remedy: Escape everything but printable characters before it reaches a log.
    """
    key = _KEYS[str(stage.case["key"])]
    mark = marker(stage)
    text = f"\n{mark}" if key == "QueryRetrieveLevel" else f"A\x1b[7m{mark}\r\n{mark}"
    keys = {"QueryRetrieveLevel": "STUDY", "StudyInstanceUID": uid(stage, 2), key: text}
    with Requestor(stage) as attacker:
        attacker.associate((QUERY,))
        find(attacker, identifier(keys), stimulus=True)
