"""AUD-03: a TLS handshake that fails."""

from harness.model import Claim, Role, Severity
from harness.oracles.audit import reports_each, writes_valid_messages
from harness.registry import scenario
from harness.stage import Stage
from simulators.audit.deeds import shake_hands_as_nobody
from simulators.audit.trail import Trail


@scenario(
    id="AUD-003C",
    verifies=["HOUSE/AUDIT-REFUSALS", "IHE/ITI-20/AUTHENTICATION-FAILURE", "PS3.15/A.5.3"],
    threats=["T-INTEG-53", "T-IMPERS-02"],
    weakness=["CWE-778"],
    role=Role.ACCEPTOR,
    needs={
        Claim.AUDIT,
        Claim.AUDIT_ALERTS,
        Claim.TLS_ACCEPTOR,
        Claim.MUTUAL_TLS,
        Claim.TRUST_CONTROLLED,
        Claim.VERIFICATION_SCP,
    },
    severity=Severity.MEDIUM,
    twin="AUD-900",
    control="audit_ignores_handshakes",
    oracles=[reports_each(), writes_valid_messages()],
    budget_s=40,
    alone=True,
)
def shakes_hands_under_a_false_certificate(stage: Stage) -> None:
    """A node that fails to authenticate by TLS is reported with its address.

    The handshake fails below the program that writes the trail, in a library that tells nobody.
    So the one event that IHE names for it is often the one that never comes.

    Remedy: Catch the failed handshake where connections are accepted, and report a Security Alert.
    """
    trail = Trail(stage)
    shake_hands_as_nobody(stage, trail)
    trail.conclude()
