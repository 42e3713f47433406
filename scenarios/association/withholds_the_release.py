"""ASC-20 for requestors: an acceptor that never answers the release."""

from harness.model import Claim, Role, Severity
from harness.oracles import client_ends, ends
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from simulators import wire
from simulators.acceptor import Acceptor


@scenario(
    id="ASC-120B",
    verifies=["HOUSE/CLIENT-GIVES-UP", "HOUSE/BOUNDED-TIME"],
    threats=["T-AVAIL-07"],
    weakness=["CWE-400"],
    role=Role.REQUESTOR,
    needs={Claim.VERIFICATION_SCU},
    severity=Severity.MEDIUM,
    twin="ASC-950",
    control="scu_waits_forever",
    oracles=[
        client_ends(),
        ends({Outcome.ABORTED}, {Outcome.CLOSED, Outcome.RESET}, within="requestor_timeout_s"),
    ],
    budget_s=40,
)
def withholds_the_release(stage: Stage) -> None:
    """A requestor whose release is not answered gives up in bounded time.

    The work is done, only the A-RELEASE-RP is missing: a requestor that waits for it without a
    timer never gets to its next task. Whether it then reports success or failure is its own
    choice, since the operation was confirmed.

    Remedy: Guard the release by a timer, and abort when it runs out.
    """
    with Acceptor(stage) as hostile:
        asked = hostile.first_request()
        number = asked.command.integer("MessageID") or 0
        hostile.invoke(asked.context_id, wire.c_echo_rsp(number))
        due = isinstance(hostile.receive(10.0), wire.ReleaseRQ)
        stage.require(due, "the device did not ask for release")
        hostile.fall_silent()
        hostile.see_out()
