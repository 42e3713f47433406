"""The twin of the parallel stores of one UID."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import keeps_every_name, succeeds
from harness.registry import scenario
from harness.stage import Stage
from simulators.custody import Custody
from simulators.simultaneous import SIDE, several, store_together


@scenario(
    id="STO-911",
    verifies=["HOUSE/HONEST-SERVICE", "PS3.4/B.2.3"],
    threats=["T-AVAIL-02"],
    weakness=[],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP, Claim.CONCURRENT_ASSOCIATIONS},
    severity=Severity.MEDIUM,
    twin=None,
    control="fails_store",
    oracles=[succeeds(), keeps_every_name()],
    safety=Safety.STORES_OBJECTS,
    alone=True,
)
def stores_different_objects_together(stage: Stage) -> None:
    """Objects of different UIDs that come at the same time are all stored, each with its content.

    Modalities send in parallel every day. A device that cannot take eight objects at a time, or
    mixes them whatever they are called, tells nothing by what it does with one name.

    Remedy: Give each association its own buffer and each object its own unfinished file.
    """
    custody, things = Custody(stage), several(stage, alike=False)
    taken = store_together(stage, things)
    custody.look(things[0].study, least=taken, side=SIDE)
