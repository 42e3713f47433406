"""WEB-13: line breaks in what comes back in header fields."""

from harness.model import Role, Severity
from harness.oracles.web import splits_no_header
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import FINDS, ask_each
from simulators.web.request import Request
from simulators.web.target import path_of


@scenario(
    id="WEB-013D",
    verifies=["HOUSE/WEB-TEXT-IS-NO-MARKUP"],
    threats=["T-INTEG-07"],
    weakness=["CWE-113"],
    role=Role.ACCEPTOR,
    needs=FINDS,
    severity=Severity.HIGH,
    twin="WEB-900",
    control="web_header_injection",
    oracles=[splits_no_header()],
    budget_s=30,
)
def writes_lines_into_headers(stage: Stage) -> None:
    """A line break in an address begins no line in the head of the answer.

    Redirects, warnings and file names of downloads repeat what was asked. A line break there
    writes header fields, or a whole second answer that caches keep for others.

    Remedy: Refuse control characters in values of header fields.
    """
    line = f"X-A{stage.token}: 1"
    encoded = "%0d%0a" + line.replace(" ", "%20")
    place = path_of(stage, "studies")
    targets = (
        f"{place}?StudyInstanceUID=1.2{encoded}",
        f"{place}?PatientName=a{encoded}",
        f"{place}/1.2{encoded}/metadata",
        f"{place}/1.2{encoded}",
    )
    marks = {"line": b"\r\n" + line.encode()}
    ask_each(stage, [Request(target=target) for target in targets], marks)
