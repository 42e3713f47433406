"""The twin of scenarios against devices that retrieve."""

from harness.model import Claim, Role, Severity
from harness.oracles import client_succeeds
from harness.registry import scenario
from harness.stage import Stage
from simulators.acceptor import Acceptor
from simulators.services import serve


@scenario(
    id="STO-951",
    verifies=["HOUSE/HONEST-SERVICE", "PS3.4/C.4"],
    threats=["T-AVAIL-07"],
    weakness=[],
    role=Role.REQUESTOR,
    needs={Claim.RETRIEVE_SCU},
    severity=Severity.MEDIUM,
    twin=None,
    control="scu_reports_failure",
    oracles=[client_succeeds()],
    budget_s=15,
)
def retrieves_from_an_honest_archive(stage: Stage) -> None:
    """The device retrieves an object by C-GET from an honest archive and reports success.

    A device that cannot take in honest objects would refuse hostile ones as well, and prove nothing
    by it.

    Remedy: Make C-GET work with a conforming archive: propose the storage contexts with the SCP
    role, and take in what comes on them.
    """
    with Acceptor(stage, "retrieve") as honest:
        serve(honest)
