"""TLS-12 for requestors: extensions in the ServerHello that cannot be there."""

from harness.model import Claim, Role, Severity
from harness.oracles import TlsAlert, client_refuses, tls_refused
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from simulators.handshakes.answers import flight, try_answer, unasked_extension
from simulators.tls import ServerOffer
from simulators.tls.codes import Extension

_TWICE = ServerOffer(extra_extensions=((Extension.RENEGOTIATION_INFO, b"\x00"),))
_ANSWERS = {
    "not asked for": (
        unasked_extension,
        ["extensions.0x0001", "extensions.alpn", "extensions.0x1234"],
    ),
    "twice": (flight(_TWICE), ["extensions.renegotiation_info"]),
}


@scenario(
    id="TLS-111",
    verifies=["RFC8446/4.2", "HOUSE/NO-GOING-ALONG"],
    threats=["T-INTEG-05", "T-CONF-02"],
    weakness=["CWE-20"],
    role=Role.REQUESTOR,
    needs={Claim.TLS_REQUESTOR, Claim.VERIFICATION_SCU, Claim.TRUST_CONTROLLED},
    severity=Severity.MEDIUM,
    twin="TLS-950",
    control="scu_ignores_unsolicited_extension",
    oracles=[
        tls_refused(
            TlsAlert.UNSUPPORTED_EXTENSION, TlsAlert.ILLEGAL_PARAMETER, TlsAlert.DECODE_ERROR
        ),
        client_refuses(Outcome.ALERT),
    ],
    budget_s=30,
    vary=[{"extension": extension} for extension in _ANSWERS],
)
def answers_what_nobody_asked(stage: Stage) -> None:
    """A requestor ends the handshake when an extension was not asked for or stands twice.

    Each extension is a conversation that the client began. One that it never began, or an answer
    that contradicts itself, means that the other side heard another hello, or that it feels for
    code that was not meant to run: limits on record sizes and callbacks have been set up by such
    answers.

    Remedy: Refuse extensions that were not offered; do not switch off this check of the TLS
    library.
    """
    extension = str(stage.case["extension"])
    answer, lie = _ANSWERS[extension]
    try_answer(stage, answer, what=f"ServerHello with an extension {extension}", lies=lie)
