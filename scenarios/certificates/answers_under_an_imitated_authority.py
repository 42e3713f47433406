"""CRT-03 for requestors: an authority that merely has the name of the trusted one."""

from harness.model import Claim, Role, Severity
from harness.oracles import TlsAlert, client_refuses, only_should, tls_refused
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from simulators.handshakes.identities import names_of, show_specimen, soft, versioned

_NAMES = [*names_of("trust", "server"), *names_of("identity", "server")]
_EVERYWHERE = ["look-alike authority", "look-alike authority with the same key identifier"]


@scenario(
    id="CRT-103",
    verifies=["HOUSE/TRUSTED-PATH", "RFC5280/6", "RFC9325/7.1"],
    threats=["T-IMPERS-03"],
    weakness=["CWE-295", "CWE-347"],
    references=["DCMTK-740"],
    role=Role.REQUESTOR,
    needs={Claim.TLS_REQUESTOR, Claim.VERIFICATION_SCU, Claim.TRUST_CONTROLLED},
    severity=Severity.CRITICAL,
    twin="TLS-950",
    control="scu_trusts_subject_name",
    oracles=[
        only_should(
            tls_refused(
                TlsAlert.UNKNOWN_CA,
                TlsAlert.DECRYPT_ERROR,
                TlsAlert.BAD_CERTIFICATE,
                TlsAlert.CERTIFICATE_UNKNOWN,
            ),
            "flaw",
            soft(_NAMES),
        ),
        only_should(client_refuses(Outcome.ALERT), "flaw", soft(_NAMES)),
    ],
    budget_s=40,
    vary=versioned(_NAMES, both=_EVERYWHERE),
)
def answers_under_an_imitated_authority(stage: Stage) -> None:
    """A requestor refuses a server whose issuer only has the name of the trusted authority.

    The name of the authority can be read in any certificate of the hospital. A device that finds
    its trust anchor by that name, and does not verify the signature, takes the attacker's server
    for the archive. With a copied key identifier the signature alone tells the two apart.

    Remedy: Verify every signature of the path up to a configured trust anchor.
    """
    show_specimen(stage)
