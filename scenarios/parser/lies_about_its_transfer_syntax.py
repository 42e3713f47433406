"""PAR-08: data sets in another transfer syntax than was agreed."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import keeps_what_it_acknowledges, reacts, shows_true_identity
from harness.registry import scenario
from harness.stage import Stage
from simulators.datasets.representations import SWAPS
from simulators.readback import offer_and_look_back


@scenario(
    id="PAR-008",
    verifies=["HOUSE/ONE-READING", "HOUSE/STAYS-IN-SERVICE", "PS3.5/10"],
    threats=["T-INTEG-07", "T-INTEG-01"],
    weakness=["CWE-436"],
    references=["dicomrs-panics"],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP},
    severity=Severity.HIGH,
    twin="PAR-910",
    control="searches_for_identity",
    oracles=[reacts(prefers_refusal=True), shows_true_identity(), keeps_what_it_acknowledges()],
    safety=Safety.STORES_OBJECTS,
    vary=[{"swap": name} for name in SWAPS],
)
def lies_about_its_transfer_syntax(stage: Stage) -> None:
    """A data set in another transfer syntax than was agreed is never shown as a garbled patient.

    Read by the wrong rules, lengths become text and texts become lengths, and a parser that takes
    what it can get shows a patient who does not exist, with the images of one who does. A good
    device answers a failure status; one that keeps the bytes as they came shows no patient, or the
    one who was meant.

    Remedy: Read data sets by the transfer syntax of their presentation context only, and refuse
    what is none in it.
    """
    offer_and_look_back(stage, SWAPS[str(stage.case["swap"])])
