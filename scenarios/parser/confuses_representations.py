"""PAR-07: attributes of the dictionary with another VR than their own."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import keeps_what_it_acknowledges, reacts, shows_true_identity
from harness.registry import scenario
from harness.stage import Stage
from simulators.datasets.representations import WRONG_VRS
from simulators.readback import offer_and_look_back


@scenario(
    id="PAR-007",
    verifies=["HOUSE/STAYS-IN-SERVICE", "HOUSE/ONE-READING", "HOUSE/NOTHING-LOST", "PS3.5/6.2"],
    threats=["T-AVAIL-02"],
    weakness=["CWE-704", "CWE-843"],
    references=["CVE-2026-5442", "CVE-2024-28130", "DCMTK-1089"],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP},
    severity=Severity.HIGH,
    twin="PAR-910",
    control="confuses_types",
    oracles=[reacts(), shows_true_identity(), keeps_what_it_acknowledges()],
    safety=Safety.STORES_OBJECTS,
    # Alone: real devices die of it as a whole, and would take other plays with them.
    alone=True,
    vary=[{"attribute": name} for name in WRONG_VRS],
)
def confuses_representations(stage: Stage) -> None:
    """An attribute with a legal value representation that is not its own does no harm.

    Code that knows from the dictionary that an attribute is a sequence or a number, and does not
    look at what came, reads octets as pointers: several toolkits crashed, and could be taken over,
    by a text in place of a sequence. A good device looks at the type of each element before it uses
    the value, and refuses or keeps what it does not need to understand.

    Remedy: Ask an element for its type before casting it, and take a wrong one for a missing value.
    """
    offer_and_look_back(stage, WRONG_VRS[str(stage.case["attribute"])])
