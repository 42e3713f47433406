"""The twin of scenarios against devices that retrieve into a folder for each study."""

from harness.model import Claim, Role, Severity
from harness.oracles import client_succeeds
from harness.registry import scenario
from harness.stage import Stage
from simulators.acceptor import Acceptor
from simulators.services import serve


@scenario(
    id="STO-954",
    verifies=["HOUSE/HONEST-SERVICE", "PS3.4/C.4"],
    threats=["T-AVAIL-07"],
    weakness=[],
    role=Role.REQUESTOR,
    needs={Claim.RETRIEVE_SCU, Claim.RETRIEVES_PER_STUDY},
    severity=Severity.MEDIUM,
    twin=None,
    control="scu_reports_failure",
    oracles=[client_succeeds()],
    budget_s=15,
)
def retrieves_per_study_from_an_honest_archive(stage: Stage) -> None:
    """The device retrieves by C-GET into a folder for each study and reports success.

    Each mode of storing has its own code for names and folders, so each needs an honest retrieval
    of its own before a refusal in it proves anything.

    Remedy: Make C-GET work with a conforming archive in this mode as well.
    """
    with Acceptor(stage, "retrieve per-study") as honest:
        serve(honest)
