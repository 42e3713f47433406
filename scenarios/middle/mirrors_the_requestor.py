"""What the requestor says comes back to it."""

from harness.model import Role, Severity
from harness.registry import scenario
from harness.stage import Stage
from scenarios.middle.lines import PAIR, REQUESTOR_FAILS, SERVES_OTHERS, alter
from simulators.relay import Relay, reflect


@scenario(
    id="MIM-007",
    verifies=["HOUSE/NO-GOING-ALONG", "HOUSE/CLIENT-TELLS-FAILURE"],
    threats=["T-INTEG-05", "T-IMPERS-03"],
    weakness=["CWE-300", "CWE-301"],
    role=Role.REQUESTOR,
    needs=PAIR,
    severity=Severity.MEDIUM,
    twin="MIM-900",
    control="scu_hides_failure",
    oracles=[REQUESTOR_FAILS, SERVES_OTHERS],
    budget_s=60,
)
def mirrors_the_requestor(stage: Stage) -> None:
    """A requestor refuses its own words, ends the call and reports failure.

    A reflection is the oldest attack on two-way authentication: whoever knows no secret lets the
    victim prove it to itself. A ClientHello that comes back where a ServerHello is due is well
    formed and carries the right random value, so only the check of the message's type stops it.

    Remedy: Accept in each state of the handshake only the messages that are due there.
    """
    alter(stage, Relay(stage, deviation=reflect()))
