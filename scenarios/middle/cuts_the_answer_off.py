"""The stream ends in place of the C-STORE response."""

from harness.model import Role, Severity
from harness.registry import scenario
from harness.stage import Stage
from scenarios.middle.lines import PAIR, REQUESTOR_FAILS, SERVES_OTHERS, alter
from simulators.relay import Relay, cut_before_the_answer


@scenario(
    id="MIM-005B",
    verifies=["HOUSE/WHOLE-OR-NOTHING", "HOUSE/CLIENT-TELLS-FAILURE", "RFC8446/6.1"],
    threats=["T-INTEG-05"],
    weakness=["CWE-345", "CWE-390"],
    role=Role.REQUESTOR,
    needs=PAIR,
    severity=Severity.HIGH,
    twin="MIM-900",
    control="scu_reports_success_when_cut",
    oracles=[REQUESTOR_FAILS, SERVES_OTHERS],
    budget_s=60,
)
def cuts_the_answer_off(stage: Stage) -> None:
    """A requestor reports failure when the stream ends before the answer to its image.

    The acceptor may have stored the image or refused it; nobody told the requestor. A device that
    takes the end of the stream for the end of its work deletes images that no archive holds.

    Remedy: Count an image as stored only when its C-STORE-RSP with success has arrived.
    """
    alter(stage, Relay(stage, deviation=cut_before_the_answer()))
