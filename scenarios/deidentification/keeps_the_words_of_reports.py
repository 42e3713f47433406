"""DEI-04: the content of structured reports."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.deidentification import leaves_no_canary
from harness.registry import scenario
from harness.stage import Stage
from simulators.deidentification.payloads import report
from simulators.deidentification.playing import gives


@scenario(
    id="DEI-004",
    verifies=["PS3.15/E.1", "HOUSE/DEIDENTIFIED-EVERYWHERE"],
    threats=["T-CONF-46"],
    weakness=["CWE-212"],
    role=Role.READER,
    needs={Claim.DEIDENTIFIER, Claim.DEIDENTIFIES_CONTENT},
    severity=Severity.HIGH,
    twin="DEI-900",
    control="deid_keeps_report_text",
    oracles=[leaves_no_canary()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
)
def keeps_the_words_of_reports(stage: Stage) -> None:
    """The text of a structured report does not come out where structured content is not cleaned.

    A report says in words who was seen by whom, and why. Its text is no attribute that rules by
    tag would name; it is the content.

    Remedy: Replace the Content Sequence by a dummy, or refuse reports, unless the Clean
    Structured Content Option is implemented.
    """
    gives(stage, report, "a structured report")
