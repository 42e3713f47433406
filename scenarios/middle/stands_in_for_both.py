"""A full man in the middle: he ends TLS on both sides, with certificates of his own making."""

from harness.model import Claim, Role, Severity
from harness.oracles import TlsAlert, client_refuses, tls_refused
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from scenarios.middle.lines import PAIR, SERVES_OTHERS
from simulators.relay import serve_afterwards
from simulators.relay.impostor import FORGERIES, stand_in
from simulators.relay.relay import TOWARDS_ACCEPTOR

_ALERTS = (
    TlsAlert.UNKNOWN_CA,
    TlsAlert.BAD_CERTIFICATE,
    TlsAlert.CERTIFICATE_UNKNOWN,
    TlsAlert.DECRYPT_ERROR,
)


@scenario(
    id="MIM-006",
    verifies=["HOUSE/TRUSTED-PATH", "RFC5280/6", "RFC9325/7.1"],
    threats=["T-IMPERS-02", "T-IMPERS-03"],
    weakness=["CWE-295", "CWE-300"],
    role=Role.REQUESTOR,
    needs=PAIR | {Claim.MUTUAL_TLS, Claim.TRUST_CONTROLLED},
    severity=Severity.CRITICAL,
    twin="MIM-900",
    control="scu_trusts_subject_name",
    oracles=[
        tls_refused(*_ALERTS),
        tls_refused(*_ALERTS, actor=TOWARDS_ACCEPTOR),
        client_refuses(Outcome.ALERT),
        SERVES_OTHERS,
    ],
    budget_s=60,
    vary=[{"forgery": name} for name in FORGERIES],
)
def stands_in_for_both(stage: Stage) -> None:
    """Two devices refuse a man in the middle who shows each of them a forged certificate.

    He ends the requestor's TLS with a certificate for the acceptor's address, begins TLS anew with
    the acceptor as its client, and reads all that passes. Encryption does not help against him;
    only that each side verifies to whom it speaks does, and one side that does not is enough.

    Remedy: Verify the peer's certificate up to a configured authority, on both sides.
    """
    stand_in(stage, str(stage.case["forgery"]))
    serve_afterwards(stage)
