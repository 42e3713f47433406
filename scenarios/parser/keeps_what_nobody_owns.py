"""PAR-13: private blocks in disorder, and values of unknown representation."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import keeps_what_it_acknowledges, reacts, shows_true_identity
from harness.registry import scenario
from harness.stage import Stage
from simulators.datasets.placement import PRIVATE
from simulators.readback import offer_and_look_back


@scenario(
    id="PAR-013",
    verifies=["HOUSE/NOTHING-LOST", "HOUSE/STAYS-IN-SERVICE", "PS3.5/7.8", "PS3.5/6.2.2"],
    threats=["T-INTEG-07", "T-AVAIL-02"],
    weakness=["CWE-20"],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP, Claim.QUERY_SCP, Claim.RETRIEVE_SCP},
    severity=Severity.MEDIUM,
    twin="PAR-911",
    control="drops_private_un",
    oracles=[reacts(), shows_true_identity(), keeps_what_it_acknowledges()],
    safety=Safety.STORES_OBJECTS,
    vary=[{"block": name} for name in PRIVATE],
)
def keeps_what_nobody_owns(stage: Stage) -> None:
    """Private elements come back as they were sent, whoever owns their block.

    Measurements, dose and reconstruction data stand in private elements that only the maker of the
    modality reads. Devices that drop what they cannot interpret, or fail on a block whose creator
    is missing, destroy them with a success status. A good device keeps the octets of each value of
    unknown representation exactly, or refuses the object.

    Remedy: Keep unknown elements as octets, and never look up the creator of a block in order to
    store it.
    """
    offer_and_look_back(stage, PRIVATE[str(stage.case["block"])])
