"""TLS-20: DICOM as TLS 1.3 early data."""

from harness.model import Claim, Role, Severity
from harness.oracles import takes_no_early_data
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.resuming import send_early_data


@scenario(
    id="TLS-020",
    verifies=["RFC9325/3.10", "HOUSE/NO-REPLAY", "RFC8446/4.2.10"],
    threats=["T-INTEG-01", "T-IMPERS-01"],
    weakness=["CWE-294"],
    role=Role.ACCEPTOR,
    needs={
        Claim.TLS_ACCEPTOR,
        Claim.VERIFICATION_SCP,
        Claim.TRUST_CONTROLLED,
        Claim.TLS_1_3,
    },
    severity=Severity.MEDIUM,
    twin="TLS-901",
    control="accepts_early_data",
    oracles=[takes_no_early_data()],
    budget_s=40,
)
def sends_early_data(stage: Stage) -> None:
    """A device neither invites nor acts upon TLS early data.

    Early data saves one round trip and costs the protection against replay: whoever records it
    can send it again, and a C-STORE or a deletion is carried out twice. No DICOM profile tells
    which requests would be harmless. A good device gives tickets without early data, and skips
    what comes all the same; here it is sent even if the ticket does not allow it.

    Remedy: Leave max_early_data at zero.
    """
    send_early_data(stage)
