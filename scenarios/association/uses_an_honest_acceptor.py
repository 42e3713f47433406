"""The twin of most scenarios against requestors."""

from harness.model import Claim, Role, Severity
from harness.oracles import client_succeeds
from harness.registry import scenario
from harness.stage import Stage
from simulators.acceptor import Acceptor
from simulators.services import serve


@scenario(
    id="ASC-950",
    verifies=["HOUSE/HONEST-SERVICE"],
    threats=["T-AVAIL-07"],
    weakness=[],
    role=Role.REQUESTOR,
    needs={Claim.VERIFICATION_SCU},
    severity=Severity.MEDIUM,
    twin=None,
    control="scu_reports_failure",
    oracles=[client_succeeds()],
    budget_s=15,
)
def uses_an_honest_acceptor(stage: Stage) -> None:
    """The device verifies a connection with an honest acceptor and reports success.

    Only a requestor that works with an honest acceptor can be judged for what it does with a lying
    one; a client that always fails would pass every attack.

    Remedy: Make the Verification service of the device work with a conforming acceptor.
    """
    with Acceptor(stage) as honest:
        serve(honest)
