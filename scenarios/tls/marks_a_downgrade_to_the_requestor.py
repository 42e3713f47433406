"""TLS-10 for requestors: a server of TLS 1.3 that was made to answer TLS 1.2."""

from harness.model import Claim, Role, Severity
from harness.oracles import TlsAlert, client_refuses, tls_refused
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from simulators.handshakes.answers import try_offer
from simulators.tls import TLS11_MARK, TLS12_MARK, ServerOffer

_MARKS = {"of TLS 1.2": TLS12_MARK, "of TLS 1.1": TLS11_MARK}


@scenario(
    id="TLS-110",
    verifies=["RFC8446/4.1.3", "HOUSE/NO-DOWNGRADE"],
    threats=["T-CONF-02"],
    weakness=["CWE-757"],
    role=Role.REQUESTOR,
    needs={Claim.TLS_REQUESTOR, Claim.VERIFICATION_SCU, Claim.TRUST_CONTROLLED, Claim.TLS_1_3},
    severity=Severity.HIGH,
    twin="TLS-950",
    control="scu_ignores_sentinel",
    oracles=[tls_refused(TlsAlert.ILLEGAL_PARAMETER), client_refuses(Outcome.ALERT)],
    budget_s=30,
    vary=[{"mark": mark} for mark in _MARKS],
)
def marks_a_downgrade_to_the_requestor(stage: Stage) -> None:
    """A requestor that offers TLS 1.3 heeds the mark of a downgrade to TLS 1.2.

    The hello can be altered on the line until both sides settle for TLS 1.2, where weaker suites
    are left to attack. A server that has TLS 1.3 therefore marks the end of its random value, which
    is signed: a client that offered TLS 1.3 and meets the mark knows that somebody cut its offer.

    Remedy: Use a TLS library that checks the mark, and do not switch that check off.
    """
    mark = str(stage.case["mark"])
    offer = ServerOffer(mark=_MARKS[mark])
    try_offer(stage, offer, what=f"ServerHello with the mark {mark}", lies=["downgrade_mark"])
