"""TLS-22: a client that is slow on purpose before TLS stands."""

from harness.model import Claim, Role, Severity
from harness.oracles import ends
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from simulators.handshakes.hellos import require_hello_answered
from simulators.handshakes.stalling import drip_hello, stop_after_hello

_WAYS = {
    "drips its ClientHello": drip_hello,
    "stops after the ServerHello": stop_after_hello,
}


@scenario(
    id="TLS-022",
    verifies=["HOUSE/SERVES-OTHERS", "PS3.8/9.1.5"],
    threats=["T-AVAIL-01", "T-AVAIL-04"],
    weakness=["CWE-400"],
    references=["fodicom-1766"],
    role=Role.ACCEPTOR,
    needs={Claim.TLS_ACCEPTOR, Claim.VERIFICATION_SCP, Claim.TRUST_CONTROLLED},
    severity=Severity.MEDIUM,
    twin="TLS-900",
    control="no_handshake_timeout",
    oracles=[ends({Outcome.CLOSED, Outcome.RESET, Outcome.ALERT})],
    budget_s=60,
    vary=[{"way": way} for way in _WAYS],
)
def stalls_its_handshake(stage: Stage) -> None:
    """A TLS handshake that makes no headway is ended in bounded time.

    A timer that starts anew with each octet never expires for a client that sends one a second,
    and a timer that starts with DICOM never starts for one that does not finish TLS. A good
    device counts from the connection on, whatever layer is at work, as ARTIM does.

    Remedy: Give the whole handshake a deadline, not each read.
    """
    require_hello_answered(stage)
    _WAYS[str(stage.case["way"])](stage)
