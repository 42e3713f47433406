"""The twin of the scenarios that look for what a storage keeps."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import keeps_every_name, succeeds
from harness.registry import scenario
from harness.stage import Stage
from simulators.custody import Custody
from simulators.marking import marked, offer


@scenario(
    id="STO-910",
    verifies=["HOUSE/HONEST-SERVICE", "PS3.4/B.2.3"],
    threats=["T-AVAIL-02"],
    weakness=[],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP},
    severity=Severity.MEDIUM,
    twin=None,
    control="fails_store",
    oracles=[succeeds(), keeps_every_name()],
    safety=Safety.STORES_OBJECTS,
    alone=True,
)
def keeps_what_it_stores(stage: Stage) -> None:
    """An object that was stored honestly is there afterwards, with its own content.

    Whoever says that nothing of a hostile object is there must first be able to find an honest one
    by the same ways: retrieval, or files in the storage folder.

    Remedy: Store what was answered with success, and give it back as it came.
    """
    custody, thing = Custody(stage), marked(stage, 1)
    taken = offer(stage, thing, actor="attacker", stimulus=True)
    custody.look(thing.study, least=int(taken))
