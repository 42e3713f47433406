"""PAR-04: an item or a sequence whose length is untrue."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import keeps_what_it_acknowledges, reacts, shows_true_identity
from harness.registry import scenario
from harness.stage import Stage
from simulators.datasets.items import UNTRUE_LENGTHS
from simulators.readback import offer_and_look_back


@scenario(
    id="PAR-004",
    verifies=["HOUSE/NOTHING-LOST", "HOUSE/ONE-READING", "HOUSE/STAYS-IN-SERVICE", "PS3.5/7.5"],
    threats=["T-INTEG-07", "T-AVAIL-05"],
    weakness=["CWE-130"],
    references=["pydicom-encaps-swallow"],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP},
    severity=Severity.HIGH,
    twin="PAR-910",
    control="salvages_readable_part",
    oracles=[reacts(prefers_refusal=True), shows_true_identity(), keeps_what_it_acknowledges()],
    safety=Safety.STORES_OBJECTS,
    vary=[{"length": name} for name in UNTRUE_LENGTHS],
)
def swallows_the_pixels(stage: Stage) -> None:
    """An item or a sequence with an untrue length never costs the pixels of an acknowledged object.

    A length that is too large swallows the elements behind its item, one that is too small turns
    the rest of the item into elements of their own. A parser that goes on regardless stores an
    image without its pixels and answers success, whereupon the modality deletes the only copy. A
    good device answers a failure status; one that keeps the bytes as they came, or mends the
    length, loses nothing.

    Remedy: Let items end where their sequence ends, refuse what does not fit, and answer success
    only when every element was understood or kept.
    """
    offer_and_look_back(stage, UNTRUE_LENGTHS[str(stage.case["length"])])
