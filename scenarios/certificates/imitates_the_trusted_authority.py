"""CRT-03: an authority that merely has the name of the trusted one."""

from harness.model import Claim, Role, Severity
from harness.oracles import TlsAlert, only_should, tls_refused
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.identities import names_of, soft, try_specimen, versioned

_NAMES = [*names_of("trust", "client"), *names_of("identity", "client")]
_EVERYWHERE = ["look-alike authority", "look-alike authority with the same key identifier"]


@scenario(
    id="CRT-003",
    verifies=["HOUSE/TRUSTED-PATH", "RFC5280/6"],
    threats=["T-IMPERS-02"],
    weakness=["CWE-295", "CWE-347"],
    references=["DCMTK-740"],
    role=Role.ACCEPTOR,
    needs={
        Claim.TLS_ACCEPTOR,
        Claim.MUTUAL_TLS,
        Claim.VERIFICATION_SCP,
        Claim.TRUST_CONTROLLED,
    },
    severity=Severity.CRITICAL,
    twin="TLS-900",
    control="trusts_subject_name",
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
        )
    ],
    budget_s=40,
    vary=versioned(_NAMES, both=_EVERYWHERE),
)
def imitates_the_trusted_authority(stage: Stage) -> None:
    """A certificate is refused whose issuer only has the name of the trusted authority.

    The name of a hospital's authority stands in every certificate, so an attacker makes an
    authority of that name with a key of his own. A device that looks the issuer up by name, and
    does not verify the signature, trusts him. With a copied key identifier the signature alone
    tells the two apart.

    Remedy: Verify every signature of the path up to a configured trust anchor.
    """
    try_specimen(stage)
