"""ASC-18 for requestors: the release comes to no end."""

from harness.model import Claim, Role, Severity
from harness.oracles import client_ends, outcome_in
from harness.oracles.outcomes import REFUSALS
from harness.registry import scenario
from harness.stage import Stage
from simulators import wire
from simulators.acceptor import Acceptor
from simulators.endless import never_release


@scenario(
    id="ASC-118B",
    verifies=["PS3.8/9.2/AR-8", "HOUSE/CLIENT-GIVES-UP", "HOUSE/BOUNDED-TIME"],
    threats=["T-AVAIL-07"],
    weakness=["CWE-400", "CWE-835"],
    references=["DCMTK-1075"],
    role=Role.REQUESTOR,
    needs={Claim.VERIFICATION_SCU},
    severity=Severity.MEDIUM,
    twin="ASC-950",
    control="scu_releases_for_ever",
    oracles=[client_ends(), outcome_in(REFUSALS)],
    vary=[{"instead": name} for name in ("another release", "data")],
    budget_s=50,
)
def never_ends_the_release(stage: Stage) -> None:
    """A requestor that asks for release gets away from a server that never confirms it.

    Its work is done, and the server answers the release by another release, or by data, again and
    again. Each PDU starts some devices' timers anew, and the collision of two releases sends others
    from state to state for as long as the server likes.

    Remedy: Limit the time of the whole release, whatever comes meanwhile, and abort after it.
    """
    with Acceptor(stage) as hostile:
        asked = hostile.first_request()
        answer = wire.c_echo_rsp(asked.command.integer("MessageID") or 0)
        hostile.invoke(asked.context_id, answer)
        due = isinstance(hostile.receive(10.0), wire.ReleaseRQ)
        stage.require(due, "the device did not ask for release")
        data = wire.p_data(asked.context_id, answer)[0]
        never_release(hostile, data if stage.case["instead"] == "data" else wire.ReleaseRQ())
