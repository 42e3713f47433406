"""AUD-07: somebody else answers where the repository was."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.audit import tells_no_stranger
from harness.registry import scenario
from harness.stage import Stage
from simulators.audit.absence import impostor
from simulators.audit.deeds import honest_deed
from simulators.audit.trail import Trail
from simulators.lab import lab_of


@scenario(
    id="AUD-007",
    verifies=["HOUSE/AUDIT-CHANNEL", "PS3.15/A.6"],
    threats=["T-INTEG-53", "T-CONF-03"],
    weakness=["CWE-295"],
    role=Role.ACCEPTOR,
    needs={Claim.AUDIT, Claim.AUDIT_TLS, Claim.TRUST_CONTROLLED},
    severity=Severity.MEDIUM,
    twin="AUD-900",
    control="audit_trusts_any_repository",
    oracles=[tells_no_stranger()],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
    alone=True,
)
def answers_as_another_repository(stage: Stage) -> None:
    """A repository with a certificate that nobody vouches for is told nothing.

    The trail names every patient and everybody who treats them. A device that sends it to whoever
    answers at the address tells a stranger, and leaves the real repository without it.

    Remedy: Verify the repository's certificate by chain or by fingerprint (RFC 5425 4.2).
    """
    stranger = lab_of(stage).trust.authority.issue(self_signed=True)
    with impostor(stage, stranger):
        honest_deed(stage, Trail(stage))
