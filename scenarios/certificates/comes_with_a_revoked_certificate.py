"""CRT-10: a client certificate on the revocation list that the device was given."""

from harness.model import Claim, Role, Severity
from harness.oracles import tls_refused
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.identities import cases, names_of, try_specimen

_NAMES = names_of("revocation", "client", needs=("crl",))


@scenario(
    id="CRT-010",
    verifies=["HOUSE/REVOCATION", "RFC5280/5"],
    threats=["T-IMPERS-02"],
    weakness=["CWE-299"],
    role=Role.ACCEPTOR,
    needs={
        Claim.TLS_ACCEPTOR,
        Claim.MUTUAL_TLS,
        Claim.VERIFICATION_SCP,
        Claim.TRUST_CONTROLLED,
        Claim.CHECKS_CRL,
    },
    severity=Severity.HIGH,
    twin="TLS-900",
    control="ignores_revocation",
    oracles=[tls_refused()],
    budget_s=40,
    vary=cases(_NAMES),
)
def comes_with_a_revoked_certificate(stage: Stage) -> None:
    """A device that claims to check revocation lists refuses a revoked client certificate.

    A modality is stolen, and its certificate is put on the list of the hospital the same day.
    Until that certificate expires, the list is all that keeps the thief out of a device that he
    can reach.

    Remedy: Load the lists of every authority on the path, renew them in time, and check the
    whole path.
    """
    try_specimen(stage)
