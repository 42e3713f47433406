"""ASC-09: AE titles of spaces, NUL, control and eight-bit characters."""

from dataclasses import replace

from harness.model import Claim, Role, Severity
from harness.oracles import REFUSALS, ends, log_stays_whole
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from simulators.observers import marker
from simulators.requestor import Requestor

_VARIANTS = ("line feed", "carriage return", "spaces", "NUL", "eight-bit", "escape")


def _title(variant: str, mark: str) -> bytes:
    """A hostile AE title of 16 bytes; two of them try to begin a log line with the mark."""
    return {
        "line feed": f"\n{mark}".encode(),
        "carriage return": f"\r{mark}".encode(),
        "spaces": b" " * 16,
        "NUL": bytes(16),
        "eight-bit": bytes(range(0xF0, 0x100)),
        "escape": b"\x1b[2J\x1b[31mASSAY",
    }[variant]


@scenario(
    id="ASC-009",
    verifies=["HOUSE/LOG-INTEGRITY", "PS3.8/9.3.2/AE-TITLE", "PS3.5/6.2/AE"],
    threats=["T-INTEG-06", "T-AVAIL-02"],
    weakness=["CWE-117", "CWE-20"],
    references=["ConQuest-log"],
    role=Role.ACCEPTOR,
    needs={Claim.ACCEPTOR, Claim.VERIFICATION_SCP},
    severity=Severity.MEDIUM,
    twin="ASC-900",
    control="raw_log",
    oracles=[log_stays_whole(), ends(REFUSALS | {Outcome.ACCEPTED})],
    vary=[
        {"field": field, "title": title} for field in ("calling", "called") for title in _VARIANTS
    ],
)
def hides_lines_in_ae_titles(stage: Stage) -> None:
    """Control characters in an AE title cannot forge a line of the device's log.

    AE titles are the first text that a stranger can write into the log, and the log is what
    investigators read afterwards. A line break in a title begins a line of the attacker's own;
    other control characters hide lines on a terminal. Whether the title is accepted is the
    device's own affair as long as it was not configured to know its peers.

    Remedy: Escape everything but printable characters before it reaches a log.
    """
    field = str(stage.case["field"])
    title = _title(str(stage.case["title"]), marker(stage))
    with Requestor(stage) as attacker:
        request = attacker.request()
        hostile = (
            replace(request, calling=title)
            if field == "calling"
            else replace(request, called=title)
        )
        attacker.send(hostile, lie=field, stimulus=True)
        attacker.wait_for_ending()
