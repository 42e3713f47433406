"""TLS-12 for requestors: a server that stalls the handshake."""

from harness.model import Claim, Role, Severity
from harness.oracles import client_gives_up
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.stalled_calls import MOMENTS, stall


@scenario(
    id="TLS-122",
    verifies=["HOUSE/CLIENT-GIVES-UP", "HOUSE/CLIENT-TELLS-FAILURE", "HOUSE/BOUNDED-TIME"],
    threats=["T-AVAIL-07"],
    weakness=["CWE-400", "CWE-835"],
    role=Role.REQUESTOR,
    needs={Claim.TLS_REQUESTOR, Claim.VERIFICATION_SCU, Claim.TRUST_CONTROLLED},
    severity=Severity.HIGH,
    twin="TLS-950",
    control="scu_waits_forever_in_tls",
    oracles=[client_gives_up()],
    budget_s=60,
    vary=[{"after": moment} for moment in MOMENTS],
)
def falls_silent_in_the_handshake(stage: Stage) -> None:
    """A requestor gives up on a server that stalls the TLS handshake, and reports the failure.

    The timers of DICOM begin with the association, and those of the socket begin anew with every
    octet: a handshake that never ends, or comes drop by drop, often runs under neither. The device
    then holds the examination for minutes. It has to give up within the time that it claims.

    Remedy: Guard the whole handshake by one timer, not each read of it.
    """
    stall(stage, str(stage.case["after"]))
