"""The twin of scenarios against devices that store."""

from harness.model import Claim, Role, Severity
from harness.oracles import client_succeeds
from harness.registry import scenario
from harness.stage import Stage
from simulators.acceptor import Acceptor
from simulators.services import serve


@scenario(
    id="STO-950",
    verifies=["HOUSE/HONEST-SERVICE"],
    threats=["T-AVAIL-07"],
    weakness=[],
    role=Role.REQUESTOR,
    needs={Claim.STORAGE_SCU},
    severity=Severity.MEDIUM,
    twin=None,
    control="scu_reports_failure",
    oracles=[client_succeeds()],
    budget_s=15,
)
def sends_to_an_honest_archive(stage: Stage) -> None:
    """The device stores an object with an honest archive and reports success.

    Only a device that gets its images into a conforming archive can be judged for what it does with
    a hostile one.

    Remedy: Make the device's Storage service work with a conforming acceptor.
    """
    with Acceptor(stage, "storage") as honest:
        serve(honest)
