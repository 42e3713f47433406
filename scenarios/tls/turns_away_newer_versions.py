"""TLS-04 for requestors: a server that seems to know no current version."""

from harness.model import Claim, Role, Severity
from harness.oracles import TlsAlert, client_refuses, never_falls_back
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from simulators.acceptor import Acceptor
from simulators.handshakes.answers import turn_away
from simulators.handshakes.evidence import fatal_alert

_ANSWERS = {
    "fatal alert protocol_version": fatal_alert(TlsAlert.PROTOCOL_VERSION),
    "fatal alert handshake_failure": fatal_alert(TlsAlert.HANDSHAKE_FAILURE),
    "one octet and a reset": [("record.type", b"\x16")],
}


@scenario(
    id="TLS-104",
    verifies=["RFC9325/3.1.3", "HOUSE/NO-DOWNGRADE"],
    threats=["T-CONF-02"],
    weakness=["CWE-757"],
    references=["CVE-2014-3566"],
    role=Role.REQUESTOR,
    needs={Claim.TLS_REQUESTOR, Claim.VERIFICATION_SCU, Claim.TRUST_CONTROLLED},
    severity=Severity.HIGH,
    twin="TLS-950",
    control="scu_falls_back_in_version",
    oracles=[never_falls_back(), client_refuses(Outcome.ALERT, Outcome.CLOSED, Outcome.RESET)],
    budget_s=60,
    vary=[{"answer": answer} for answer in _ANSWERS],
)
def turns_away_newer_versions(stage: Stage) -> None:
    """A requestor whose handshake fails never tries again with less than TLS 1.2.

    Clients once tried older and older versions until a server answered, for the sake of those that
    broke on new ones. Who sits on the line only has to break the first attempts to get the weakest
    version of both. Each hello of the call is met in the same way, and each one is read.

    Remedy: Do not retry by hand after a failed handshake, and set TLS 1.2 as the lowest version.
    """
    answer = str(stage.case["answer"])
    with Acceptor(stage, hello_only=True) as hostile:
        turn_away(hostile, _ANSWERS[answer], what=answer)
