"""ASC-18 for requestors: the acceptor asks for release while a response is due."""

from harness.model import Claim, Role, Severity
from harness.oracles import client_tells_failure
from harness.registry import scenario
from harness.stage import Stage
from simulators import wire
from simulators.acceptor import Acceptor


@scenario(
    id="ASC-118",
    verifies=["PS3.8/9.2", "HOUSE/CLIENT-TELLS-FAILURE", "HOUSE/STAYS-IN-SERVICE"],
    threats=["T-AVAIL-06", "T-INTEG-05"],
    weakness=["CWE-372", "CWE-390"],
    references=["DCMTK-1075"],
    role=Role.REQUESTOR,
    needs={Claim.VERIFICATION_SCU},
    severity=Severity.MEDIUM,
    twin="ASC-950",
    control="scu_takes_release_for_success",
    oracles=[client_tells_failure()],
    vary=[{"when": name} for name in ("instead of the response", "in the middle of it", "twice")],
)
def releases_instead_of_answering(stage: Stage) -> None:
    """A requestor does not take a release for the answer that is due.

    Either side may ask for release, though acceptors seldom do, so that the code for it has been
    seen by nobody. A device that grants it and leaves in order has to remember that its operation
    was never answered; one that frees the association twice crashes.

    Remedy: Treat a release while a response is due as the failure of the operation.
    """
    case = stage.case["when"]
    with Acceptor(stage) as hostile:
        asked = hostile.first_request()
        answer = wire.c_echo_rsp(asked.command.integer("MessageID") or 0)
        if case == "in the middle of it":
            hostile.send(wire.p_data(asked.context_id, answer, max_length=32)[0], stimulus=True)
        release = wire.encode(wire.ReleaseRQ()) * (2 if case == "twice" else 1)
        hostile.send(release, stimulus=True, what="A-RELEASE-RQ")
        hostile.see_out()
