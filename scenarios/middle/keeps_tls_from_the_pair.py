"""The person in the middle answers in place of the acceptor, and lets everything else through."""

from harness.model import Role, Severity
from harness.oracles import TlsAlert
from harness.registry import scenario
from harness.stage import Stage
from scenarios.middle.lines import NEVER_IN_CLEAR, PAIR, strip
from simulators import wire
from simulators.handshakes.evidence import fatal_alert
from simulators.relay import Relay, refuse_in_place_of_the_acceptor

_ANSWERS = {
    "A-ABORT in clear": wire.named_parts(wire.Abort(source=2, reason=1)),
    "fatal alert handshake_failure": fatal_alert(TlsAlert.HANDSHAKE_FAILURE),
}


@scenario(
    id="MIM-001",
    verifies=["HOUSE/NO-PLAIN-FALLBACK", "PS3.15/B.12/STRICT"],
    threats=["T-CONF-01", "T-CONF-02"],
    weakness=["CWE-319", "CWE-757"],
    role=Role.REQUESTOR,
    needs=PAIR,
    severity=Severity.CRITICAL,
    twin="MIM-900",
    control="scu_falls_back_to_plain",
    oracles=[*NEVER_IN_CLEAR],
    budget_s=60,
    vary=[{"answer": answer} for answer in _ANSWERS],
)
def keeps_tls_from_the_pair(stage: Stage) -> None:
    """A requestor that was kept from TLS by somebody on the line sends nothing in clear.

    The attacker answers one ClientHello in place of the acceptor and then steps aside: whatever
    the requestor tries next reaches the acceptor's TLS port. One that tries without TLS tells him
    all that it has to say, and an acceptor that takes it makes the attack complete.

    Remedy: Treat a failed TLS handshake as a failed association, without any second way.
    """
    answer = str(stage.case["answer"])
    strip(stage, Relay(stage, deviation=refuse_in_place_of_the_acceptor(_ANSWERS[answer], answer)))
