"""TLS-12: records and lengths that break the rules, before or instead of a sound hello."""

from harness.model import Claim, Role, Severity
from harness.oracles import TlsAlert, only_should, tls_refused
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.hellos import offer_parts, require_hello_answered
from simulators.tls.strange import MALFORMED, malformed_hello

_TOLERABLE = ("empty handshake records",)


@scenario(
    id="TLS-012",
    verifies=["RFC8446/5.1", "HOUSE/ORDERLY-REFUSAL", "HOUSE/BOUNDED-TIME"],
    threats=["T-AVAIL-01", "T-INTEG-01"],
    weakness=["CWE-20", "CWE-130"],
    role=Role.ACCEPTOR,
    needs={Claim.TLS_ACCEPTOR, Claim.VERIFICATION_SCP, Claim.TRUST_CONTROLLED},
    severity=Severity.MEDIUM,
    twin="TLS-900",
    control="tolerates_malformed_records",
    oracles=[
        only_should(
            tls_refused(
                TlsAlert.RECORD_OVERFLOW,
                TlsAlert.UNEXPECTED_MESSAGE,
                TlsAlert.DECODE_ERROR,
                TlsAlert.ILLEGAL_PARAMETER,
            ),
            "records",
            _TOLERABLE,
        )
    ],
    budget_s=60,
    vary=[{"records": records} for records in MALFORMED],
)
def sends_malformed_records(stage: Stage) -> None:
    """Records that break the rules are refused in bounded time, and get no ServerHello.

    A length field that nobody checks is how a TLS stack comes to read beyond its buffer or to
    wait for ever. Each case deviates in one way from a hello that is answered just before: too
    large, empty, cut off, of the wrong type, or with a length that lies. A device may skip empty
    records, which is a warning.

    Remedy: Update the TLS library, and end handshakes that do not come on within ARTIM.
    """
    require_hello_answered(stage)
    records = str(stage.case["records"])
    parts, lies = malformed_hello(records)
    offer_parts(stage, parts, what=f"TLS records: {records}", lies=lies)
