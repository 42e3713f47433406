"""ASC-20 for requestors: an acceptor that takes the connection and says nothing."""

from harness.model import Claim, Role, Severity
from harness.oracles import client_gives_up
from harness.registry import scenario
from harness.stage import Stage
from simulators.acceptor import Acceptor


@scenario(
    id="ASC-120",
    verifies=["HOUSE/CLIENT-GIVES-UP", "HOUSE/CLIENT-TELLS-FAILURE", "HOUSE/BOUNDED-TIME"],
    threats=["T-AVAIL-07"],
    weakness=["CWE-400", "CWE-835"],
    role=Role.REQUESTOR,
    needs={Claim.VERIFICATION_SCU},
    severity=Severity.HIGH,
    twin="ASC-950",
    control="scu_waits_forever",
    oracles=[client_gives_up()],
    vary=[{"when": moment} for moment in ("connected", "requested", "associated")],
    budget_s=40,
)
def falls_silent_on_the_requestor(stage: Stage) -> None:
    """A requestor gives up on a silent acceptor in bounded time and reports the failure.

    An archive that hangs, or a hostile one, takes the connection and never answers: not the
    association request (which it may not even read), nor the first operation. A requestor without
    timers holds the examination until somebody pulls a plug. A good one gives up within the time
    that its documentation states, and tells its user that nothing was done.

    Remedy: Guard connection, association, each response and the release by configurable timers.
    """
    moment = stage.case["when"]
    with Acceptor(stage, greet=moment != "connected") as hostile:
        if moment == "associated":
            hostile.first_request()
        hostile.fall_silent()
        if moment == "connected":
            hostile.wait_for_close()
        else:
            hostile.see_out()
