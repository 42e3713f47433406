"""TLS-12 for requestors: a server flight that breaks the form of TLS."""

from harness.model import Claim, Role, Severity
from harness.oracles import TlsAlert, client_refuses, tls_refused
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from simulators.handshakes.answers import ask_to_retry_twice, flight, garbage, try_answer
from simulators.tls import ServerOffer
from simulators.tls.codes import MessageType

_TWO_RETRIES = "two HelloRetryRequests"
_SHUFFLED = (
    MessageType.SERVER_HELLO,
    MessageType.SERVER_KEY_EXCHANGE,
    MessageType.CERTIFICATE,
    MessageType.SERVER_HELLO_DONE,
)
_FLIGHTS = {
    "a record above 2^14 octets": (
        flight(ServerOffer(copies=24, record_size=0xFFFF)),
        ["record.length"],
    ),
    "a ServerHello that is longer than it says": (
        flight(ServerOffer(length_error=-2)),
        ["handshake.length"],
    ),
    "messages out of order": (
        flight(ServerOffer(messages=_SHUFFLED)),
        ["server_key_exchange.handshake.type", "certificate.handshake.type"],
    ),
    "a Certificate message without certificate": (
        flight(ServerOffer(certificates=())),
        ["certificate.certificate_list"],
    ),
    "garbage": (garbage, ["garbage"]),
}


@scenario(
    id="TLS-112",
    verifies=[
        "RFC8446/5.1",
        "HOUSE/ORDERLY-REFUSAL",
        "HOUSE/STAYS-IN-SERVICE",
        "HOUSE/NO-GOING-ALONG",
    ],
    threats=["T-AVAIL-01", "T-INTEG-05"],
    weakness=["CWE-20", "CWE-130"],
    role=Role.REQUESTOR,
    needs={Claim.TLS_REQUESTOR, Claim.VERIFICATION_SCU, Claim.TRUST_CONTROLLED},
    severity=Severity.HIGH,
    twin="TLS-950",
    control="scu_tolerates_malformed_flight",
    oracles=[
        tls_refused(
            TlsAlert.UNEXPECTED_MESSAGE,
            TlsAlert.RECORD_OVERFLOW,
            TlsAlert.DECODE_ERROR,
            TlsAlert.ILLEGAL_PARAMETER,
            TlsAlert.PROTOCOL_VERSION,
        ),
        client_refuses(Outcome.ALERT),
    ],
    budget_s=60,
    vary=[{"flight": name} for name in (*_FLIGHTS, _TWO_RETRIES)],
)
def sends_a_malformed_flight(stage: Stage) -> None:
    """A requestor ends the handshake when the server's flight is malformed, and survives it.

    Whatever answers on that port is parsed before anybody has proved an identity. Records that are
    too long, lengths that lie, messages in the wrong order or without content, and no TLS at all
    must end in an alert, or at least in a closed connection that is reported as a failure.

    Remedy: Keep the TLS library up to date; do not parse TLS by hand, and treat any error as the
    end.
    """
    name = str(stage.case["flight"])
    if name == _TWO_RETRIES:
        ask_to_retry_twice(stage)
        return
    answer, lies = _FLIGHTS[name]
    try_answer(stage, answer, what=name, lies=lies)
