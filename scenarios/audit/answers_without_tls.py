"""AUD-06: where the repository spoke TLS, something answers that does not."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.audit import tells_no_stranger
from harness.registry import scenario
from harness.stage import Stage
from simulators.audit.absence import impostor
from simulators.audit.deeds import honest_deed
from simulators.audit.trail import Trail


@scenario(
    id="AUD-007B",
    verifies=["HOUSE/AUDIT-CHANNEL", "PS3.15/A.6"],
    threats=["T-INTEG-53", "T-CONF-03"],
    weakness=["CWE-319", "CWE-757"],
    role=Role.ACCEPTOR,
    needs={Claim.AUDIT, Claim.AUDIT_TLS},
    severity=Severity.MEDIUM,
    twin="AUD-900",
    control="audit_falls_back_to_plain",
    oracles=[tells_no_stranger()],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
    alone=True,
)
def answers_without_tls(stage: Stage) -> None:
    """Where TLS fails audit messages do not leave in clear.

    Who can break the handshake, which takes one octet, then reads the trail, and writes it.

    Remedy: Keep the messages until TLS works again; there is no second best way.
    """
    with impostor(stage, None):
        honest_deed(stage, Trail(stage))
