"""TLS-21 for requestors: our answers are cut by a FIN that nobody authenticated."""

from harness.model import Claim, Role, Severity
from harness.oracles import client_refuses
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from simulators.acceptor import Acceptor
from simulators.handshakes.cutting import PLACES, cut_answers


@scenario(
    id="TLS-121",
    verifies=["HOUSE/WHOLE-OR-NOTHING", "HOUSE/CLIENT-TELLS-FAILURE", "RFC8446/6.1"],
    threats=["T-INTEG-07", "T-IMPERS-03"],
    weakness=["CWE-353"],
    role=Role.REQUESTOR,
    needs={Claim.TLS_REQUESTOR, Claim.VERIFICATION_SCU, Claim.TRUST_CONTROLLED},
    severity=Severity.MEDIUM,
    twin="TLS-950",
    control="scu_reports_success_when_cut",
    oracles=[client_refuses(Outcome.ALERT, Outcome.CLOSED, Outcome.RESET)],
    budget_s=60,
    vary=[{"cut": place} for place in PLACES],
)
def cuts_its_answers(stage: Stage) -> None:
    """A requestor whose connection is cut before its answer came reports failure.

    The end of a connection is no answer. A device that takes a cut for success tells its user
    that the image has arrived, and may delete the only copy; whoever sits on the line can cause
    it with one forged packet.

    Remedy: Report success only for an answer that says so and came whole.
    """
    with Acceptor(stage, hello_only=True) as hostile:
        cut_answers(hostile, str(stage.case["cut"]))
