"""PAR-03: an undefined length without its delimiter, a delimiter without a beginning."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import keeps_what_it_acknowledges, reacts, shows_true_identity
from harness.registry import scenario
from harness.stage import Stage
from simulators.datasets.items import DELIMITERS
from simulators.readback import offer_and_look_back


@scenario(
    id="PAR-003",
    verifies=[
        "HOUSE/NOTHING-LOST",
        "HOUSE/ONE-READING",
        "HOUSE/STAYS-IN-SERVICE",
        "HOUSE/BOUNDED-TIME",
        "PS3.5/7.5",
    ],
    threats=["T-AVAIL-05", "T-INTEG-07"],
    weakness=["CWE-835", "CWE-130"],
    references=["fodicom-http"],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP},
    severity=Severity.HIGH,
    twin="PAR-910",
    control="salvages_readable_part",
    oracles=[reacts(prefers_refusal=True), shows_true_identity(), keeps_what_it_acknowledges()],
    safety=Safety.STORES_OBJECTS,
    vary=[{"placement": name} for name in DELIMITERS],
)
def leaves_sequences_open(stage: Stage) -> None:
    """A delimiter that is missing or surplus neither holds the parser nor costs the pixels.

    Who waits for a delimiter that never comes reads beyond the object, or in a circle; who meets
    one that ends nothing leaves the data set, and drops what stands behind it. The sender hears
    success and deletes its copy. A good device answers a failure status, one that keeps the bytes
    as they came may do so, and one that mends the object keeps every element of it.

    Remedy: End every loop over items at the end of what encloses them, and refuse an object that
    ends inside one.
    """
    offer_and_look_back(stage, DELIMITERS[str(stage.case["placement"])])
