"""TLS-09 for requestors: the signature over the server's ephemeral key."""

from harness.model import Claim, Role, Severity
from harness.oracles import TlsAlert, client_refuses, tls_refused
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from simulators.handshakes.weaknesses import choose_weak, weak_signature


@scenario(
    id="TLS-124",
    verifies=["RFC9325/4.5/HASH", "HOUSE/SOUND-PARAMETERS"],
    threats=["T-CONF-02", "T-IMPERS-03"],
    weakness=["CWE-347", "CWE-328"],
    references=["CVE-2015-7575"],
    role=Role.REQUESTOR,
    needs={Claim.TLS_REQUESTOR, Claim.VERIFICATION_SCU, Claim.TRUST_CONTROLLED},
    severity=Severity.HIGH,
    twin="TLS-950",
    control="scu_accepts_weak_signature",
    oracles=[
        tls_refused(
            TlsAlert.DECRYPT_ERROR,
            TlsAlert.ILLEGAL_PARAMETER,
            TlsAlert.HANDSHAKE_FAILURE,
        ),
        client_refuses(Outcome.ALERT, Outcome.NOT_OFFERED),
    ],
    budget_s=40,
    vary=[
        {"signature": signature}
        for signature in ("by SHA-1", "by MD5", "of another key", "altered")
    ],
)
def signs_its_key_weakly(stage: Stage) -> None:
    """A requestor takes the server's ephemeral key only under a sound signature.

    The certificate says who the server is; this signature says that the key of this very connection
    is his. If it is not checked, a copied certificate is enough to be anybody. If it is made by MD5
    or SHA-1, collisions that can be computed turn an honest server's signature into a false one.

    Remedy: Offer no signature scheme with MD5 or SHA-1, and leave verification to the TLS library.
    """
    choose_weak(stage, weak_signature(stage, str(stage.case["signature"])))
