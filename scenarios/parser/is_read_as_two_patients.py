"""PAR-18: data sets that parsers read as different patients."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import keeps_what_it_acknowledges, reacts, shows_true_identity
from harness.registry import scenario
from harness.stage import Stage
from simulators.datasets.identities import DISPUTED
from simulators.readback import offer_and_look_back


@scenario(
    id="PAR-018",
    verifies=["HOUSE/ONE-READING", "HOUSE/NOTHING-LOST", "PS3.5/7.1", "PS3.5/7.5"],
    threats=["T-INTEG-07", "T-INTEG-01"],
    weakness=["CWE-436"],
    references=["pydicom-encaps-swallow"],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP, Claim.QUERY_SCP, Claim.RETRIEVE_SCP},
    severity=Severity.HIGH,
    twin="PAR-911",
    control="guesses_transfer_syntax",
    oracles=[reacts(), shows_true_identity(), keeps_what_it_acknowledges()],
    safety=Safety.STORES_OBJECTS,
    vary=[{"place": name} for name in DISPUTED],
)
def is_read_as_two_patients(stage: Stage) -> None:
    """An object is shown as the patient whom the standard's reading gives, or is refused.

    Parsers that search for tags, flatten items, look for delimiters inside values or guess the
    transfer syntax find a second patient in an object that has one by the standard. Such an object
    passes a gateway as one patient and reaches the archive as another. A good device goes by
    lengths and by the agreed transfer syntax, and shows the same patient in queries and retrieves.

    Remedy: Read elements by their lengths in the transfer syntax of the context, and guess nothing.
    """
    offer_and_look_back(stage, DISPUTED[str(stage.case["place"])])
