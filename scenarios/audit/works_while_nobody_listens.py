"""AUD-06: the repository is away while the device works."""

from harness.model import Claim, Role, Severity
from harness.oracles import succeeds
from harness.registry import scenario
from harness.stage import Stage
from simulators.audit.absence import away
from simulators.requestor import Requestor

_TIMES = 3


@scenario(
    id="AUD-006",
    verifies=["HOUSE/AUDIT-CARE-GOES-ON"],
    threats=["T-INTEG-53", "T-AVAIL-03"],
    weakness=["CWE-703"],
    role=Role.ACCEPTOR,
    needs={Claim.AUDIT, Claim.VERIFICATION_SCP},
    severity=Severity.HIGH,
    twin="AUD-900",
    control="audit_refuses_when_down",
    oracles=[succeeds()],
    budget_s=40,
    alone=True,
)
def works_while_nobody_listens(stage: Stage) -> None:
    """While the audit repository is away the device serves on.

    Repositories are restarted, moved and attacked like any other server. A device that waits for
    one, or refuses to work without it, makes that server the switch by which all are turned off.

    Remedy: Report from a queue; whoever is served must not wait for it.
    """
    with away(stage):
        for _ in range(_TIMES):
            with Requestor(stage) as peer:
                peer.associate()
                peer.echo(stimulus=True)
                peer.release()
