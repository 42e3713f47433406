"""CRT-13: an authority that the device trusted until a moment ago."""

from harness.model import Claim, Role, Severity
from harness.oracles import succeeds, tls_refused
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.trust_change import NEWCOMER, try_a_removed_authority


@scenario(
    id="CRT-013",
    verifies=["HOUSE/TRUST-TAKES-EFFECT"],
    threats=["T-IMPERS-02"],
    weakness=["CWE-1188", "CWE-672"],
    references=["DCM4CHE-499"],
    role=Role.ACCEPTOR,
    needs={
        Claim.TLS_ACCEPTOR,
        Claim.MUTUAL_TLS,
        Claim.VERIFICATION_SCP,
        Claim.TRUST_CONTROLLED,
        Claim.OWN_PROCESS,
    },
    severity=Severity.HIGH,
    twin="TLS-900",
    control="keeps_old_trust",
    oracles=[tls_refused(), succeeds(NEWCOMER)],
    budget_s=60,
    alone=True,
    bystander=False,
)
def comes_from_a_removed_authority(stage: Stage) -> None:
    """An authority that was removed from the trusted ones opens no connection any more.

    An authority whose key was stolen is taken out of the configuration, and everybody believes the
    matter closed. A device that imported it into a store of its own goes on trusting it, and the
    thief goes on issuing modalities. The new authority has to be trusted at the same moment.

    Remedy: Read trust from one place only, at every start and whenever the configuration is
    reloaded, and say in the documents when a change takes effect.
    """
    try_a_removed_authority(stage)
