"""TLS-01: DICOM in clear on the port that is claimed for TLS."""

from harness.model import Claim, Role, Severity
from harness.oracles import ends
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from simulators.handshakes.hellos import hear_tls_or_dicom
from simulators.requestor import Requestor


@scenario(
    id="TLS-001",
    verifies=[
        "HOUSE/TLS-ONLY-PORT",
        "RFC9325/3.2",
        "PS3.15/B.12/STRICT",
    ],
    threats=["T-CONF-01", "T-IMPERS-01"],
    weakness=["CWE-319"],
    references=["CVE-2021-33022", "CVE-2025-27578", "CVE-2025-27720", "CVE-2025-54156"],
    role=Role.ACCEPTOR,
    needs={Claim.TLS_ACCEPTOR, Claim.VERIFICATION_SCP, Claim.TRUST_CONTROLLED},
    severity=Severity.CRITICAL,
    twin="TLS-900",
    control="plain_fallback",
    oracles=[ends({Outcome.CLOSED, Outcome.RESET, Outcome.ALERT})],
    budget_s=30,
)
def speaks_plain_dicom_to_the_tls_port(stage: Stage) -> None:
    """A port that is claimed for TLS does not speak DICOM in clear.

    A port that serves both is a port without TLS: whoever leaves it out is served all the same,
    unseen by the firewall rule that opened the port for TLS only, and a client that was set up
    wrongly sends patient data in clear for years. A good device ends the connection, with or
    without a TLS alert; even an A-ASSOCIATE-RJ in clear shows that DICOM is spoken there.

    Remedy: Hand every byte of that port to TLS; do not look at the first one to guess.
    """
    with Requestor(stage, plain_on_tls=True) as attacker:
        attacker.send(attacker.request(), stimulus=True, what="A-ASSOCIATE-RQ in clear")
        hear_tls_or_dicom(attacker)
