"""The twin of scenarios against devices that give up what an archive has committed to keep."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import client_succeeds, deletes_its_copy
from harness.registry import scenario
from harness.stage import Stage
from simulators.acceptor import Acceptor
from simulators.reporting import witness_copy
from simulators.services import serve


@scenario(
    id="INT-951",
    verifies=["HOUSE/HONEST-SERVICE", "PS3.4/J.3"],
    threats=["T-AVAIL-07"],
    weakness=[],
    role=Role.REQUESTOR,
    needs={Claim.COMMITMENT_SCU, Claim.DELETES_COMMITTED},
    severity=Severity.MEDIUM,
    twin=None,
    control="scu_reports_failure",
    oracles=[client_succeeds(), deletes_its_copy()],
    safety=Safety.STORES_OBJECTS,
    budget_s=15,
)
def reports_to_a_modality_truly(stage: Stage) -> None:
    """The device asks an honest archive for commitment, believes its report, and frees its disk.

    A device that never deletes anything keeps its copy whatever it is told, and proves nothing by
    that.

    Remedy: Make storage commitment work with a conforming archive: ask by N-ACTION, take in the
    N-EVENT-REPORT, and delete what it names as kept.
    """
    with Acceptor(stage, "storage-commitment") as honest:
        serve(honest)
        witness_copy(honest)
