"""TLS-01 for requestors: the other side does not do TLS."""

from harness.model import Claim, Role, Severity
from harness.oracles import TlsAlert, client_refuses, never
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import FailKind, Outcome
from simulators import wire
from simulators.acceptor import Acceptor
from simulators.handshakes.evidence import fatal_alert
from simulators.handshakes.traps import answer_in_clear

_ANSWERS = {
    "A-ABORT in clear": wire.named_parts(wire.Abort(source=2, reason=1)),
    "fatal alert handshake_failure": fatal_alert(TlsAlert.HANDSHAKE_FAILURE),
}


@scenario(
    id="TLS-101",
    verifies=["HOUSE/NO-PLAIN-FALLBACK", "PS3.15/B.12/STRICT"],
    threats=["T-CONF-01", "T-CONF-02", "T-IMPERS-03"],
    weakness=["CWE-319", "CWE-757"],
    role=Role.REQUESTOR,
    needs={Claim.TLS_REQUESTOR, Claim.VERIFICATION_SCU, Claim.TRUST_CONTROLLED},
    severity=Severity.CRITICAL,
    twin="TLS-950",
    control="scu_falls_back_to_plain",
    oracles=[
        never(Outcome.ACCEPTED, FailKind.ACCEPTED, "spoke DICOM in clear"),
        client_refuses(Outcome.ALERT, Outcome.CLOSED, Outcome.RESET),
    ],
    budget_s=60,
    vary=[{"answer": answer} for answer in _ANSWERS],
)
def refuses_tls_to_the_requestor(stage: Stage) -> None:
    """A requestor that is set up for TLS never falls back to DICOM in clear.

    Whoever sits on the line can answer the ClientHello by an alert or by plain DICOM. A device that
    then tries again without TLS, on this connection or on a further one, sends the images to
    him. A good device gives up and tells its user; every connection of the call is watched.

    Remedy: Treat a failed TLS handshake as a failed association, without any second way.
    """
    answer = str(stage.case["answer"])
    with Acceptor(stage, hello_only=True) as hostile:
        answer_in_clear(hostile, _ANSWERS[answer], answer)
