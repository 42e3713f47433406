"""RES-02: an association request, byte by byte."""

from harness.model import Claim, Role, Severity
from harness.oracles import REFUSALS, ends, serves_others
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from scenarios.resources.polite import served_meanwhile
from simulators import wire
from simulators.peer import GRACE_S
from simulators.requestor import Requestor

_SERVED_S = 10.0
_PAUSE_S = 1.0


@scenario(
    id="RES-002",
    verifies=["PS3.8/9.1.5", "PS3.8/9.2/AA-2", "HOUSE/SERVES-OTHERS"],
    threats=["T-AVAIL-01", "T-AVAIL-04"],
    weakness=["CWE-400"],
    references=["DCMTK-single-block"],
    role=Role.ACCEPTOR,
    needs={Claim.ACCEPTOR, Claim.VERIFICATION_SCP},
    severity=Severity.HIGH,
    twin="ASC-900",
    control="no_artim",
    oracles=[serves_others(_SERVED_S), ends({Outcome.CLOSED, Outcome.RESET}, REFUSALS)],
    budget_s=60,
)
def drips_a_request(stage: Stage) -> None:
    """A request that comes byte by byte is given up when ARTIM expires.

    A timer that starts anew with each byte never expires for a peer that sends one byte a second.
    ARTIM counts from the connection to the whole request. The request is honest in all but its
    pace, and would take more than twice ARTIM.

    Remedy: Give the request a deadline, not each read.
    """
    with Requestor(stage) as attacker:
        request = wire.encode(attacker.request())
        pace = max(min(_PAUSE_S, stage.artim_s / 10), 3 * stage.artim_s / len(request))
        with served_meanwhile(stage):
            attacker.drip(request, size=1, every_s=pace, for_s=stage.artim_s + GRACE_S)
            attacker.wait_for_ending(0.0)
