"""DIM-08: more requests than the agreed window permits."""

from harness.model import Claim, Role, Severity
from harness.oracles import answers_each_once
from harness.registry import scenario
from harness.stage import Stage
from simulators import wire
from simulators.ahead import agree_on_window, send_ahead
from simulators.requestor import VERIFICATION, Requestor

_BEYOND = 33
_MOST = 64
_WINDOWS = {"none": None, "four": 4}


@scenario(
    id="DIM-008",
    verifies=["HOUSE/ANSWERS-EACH", "PS3.7/D.3.3.3", "HOUSE/STAYS-IN-SERVICE"],
    threats=["T-AVAIL-02"],
    weakness=["CWE-770", "CWE-662"],
    role=Role.ACCEPTOR,
    needs={Claim.VERIFICATION_SCP},
    severity=Severity.MEDIUM,
    twin="ASC-900",
    control="drops_requests_sent_ahead",
    oracles=[answers_each_once()],
    vary=[{"window": name} for name in _WINDOWS],
)
def exceeds_the_window(stage: Stage) -> None:
    """Requests beyond the agreed window are answered one by one, or the association is aborted.

    Without a window a peer waits for each answer. One that does not wait finds devices that lose
    requests, answer one twice, or keep answers that belong to another request, and then each side
    believes something else about what was done.

    Remedy: Serve what came early in its turn, or abort; never read past what is being served.
    """
    with Requestor(stage) as attacker:
        window = agree_on_window(attacker, (VERIFICATION,), _WINDOWS[str(stage.case["window"])])
        count = min(window or _MOST, _MOST) + _BEYOND
        echo = (wire.c_echo_rq(), None)
        send_ahead(attacker, [echo] * count, range(1, count + 1))
