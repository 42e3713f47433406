"""CFG-08: a device that is started without its key, its certificate or its trust."""

from harness.model import Claim, Role, Severity
from harness.oracles import tls_refused
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.failing_closed import SPOILT, start_without


@scenario(
    id="CRT-018",
    verifies=["HOUSE/FAILS-CLOSED"],
    threats=["T-CONF-01", "T-IMPERS-02"],
    weakness=["CWE-636", "CWE-311"],
    references=["ORTHANC-TLS-CLIENTCERT"],
    role=Role.ACCEPTOR,
    needs={
        Claim.TLS_ACCEPTOR,
        Claim.MUTUAL_TLS,
        Claim.VERIFICATION_SCP,
        Claim.TRUST_CONTROLLED,
        Claim.OWN_PROCESS,
    },
    severity=Severity.HIGH,
    twin="TLS-900",
    control="fails_open_without_key",
    oracles=[tls_refused()],
    budget_s=60,
    bystander=False,
    vary=[{"started with": what} for what in SPOILT],
)
def starts_without_its_key(stage: Stage) -> None:
    """A device without its key, certificate or trust offers no service at its TLS port.

    A disk that is full, an update, a right that was taken away: one day the device starts and finds
    its key missing. If it then serves in clear, or everybody, nobody notices, because everything
    works; and whoever can make it lose a file can switch its security off. A second instance with
    ports and folders of its own is started for this.

    Remedy: Refuse to open the TLS port, or to start at all, when anything that it rests on cannot
    be read, and say so where the operator looks.
    """
    start_without(stage, str(stage.case["started with"]))
