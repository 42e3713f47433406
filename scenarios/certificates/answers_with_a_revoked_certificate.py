"""CRT-10 for requestors: a server certificate on the list that the device was given."""

from harness.model import Claim, Role, Severity
from harness.oracles import client_refuses, tls_refused
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from simulators.handshakes.identities import cases, names_of, show_specimen

_NAMES = names_of("revocation", "server", needs=("crl",))


@scenario(
    id="CRT-110",
    verifies=["HOUSE/REVOCATION", "RFC5280/5"],
    threats=["T-IMPERS-03"],
    weakness=["CWE-299"],
    role=Role.REQUESTOR,
    needs={
        Claim.TLS_REQUESTOR,
        Claim.VERIFICATION_SCU,
        Claim.TRUST_CONTROLLED,
        Claim.CHECKS_CRL,
    },
    severity=Severity.HIGH,
    twin="TLS-950",
    control="scu_ignores_revocation",
    oracles=[tls_refused(), client_refuses(Outcome.ALERT)],
    budget_s=40,
    vary=cases(_NAMES),
)
def answers_with_a_revoked_certificate(stage: Stage) -> None:
    """A requestor that claims to check revocation lists refuses a revoked server certificate.

    A modality is stolen, and its certificate is put on the list of the hospital the same day.
    Until that certificate expires, the list is all that keeps the thief out of a device that he
    can reach.

    Remedy: Load the lists of every authority on the path, renew them in time, and check the
    whole path.
    """
    show_specimen(stage)
