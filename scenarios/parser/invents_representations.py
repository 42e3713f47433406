"""PAR-06: two octets that are no value representation."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import keeps_what_it_acknowledges, reacts, shows_true_identity
from harness.registry import scenario
from harness.stage import Stage
from simulators.datasets.representations import UNKNOWN_VRS
from simulators.readback import offer_and_look_back


@scenario(
    id="PAR-006",
    verifies=["HOUSE/NOTHING-LOST", "HOUSE/ONE-READING", "HOUSE/STAYS-IN-SERVICE", "PS3.5/7.1.2"],
    threats=["T-AVAIL-02", "T-INTEG-07"],
    weakness=["CWE-20", "CWE-125"],
    references=["DCMTK-40c90857a", "CVE-2026-3650"],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP},
    severity=Severity.HIGH,
    twin="PAR-910",
    control="ends_at_unknown_vr",
    oracles=[reacts(prefers_refusal=True), shows_true_identity(), keeps_what_it_acknowledges()],
    safety=Safety.STORES_OBJECTS,
    vary=[{"vr": name} for name in UNKNOWN_VRS],
)
def invents_representations(stage: Stage) -> None:
    """An unknown value representation neither crashes the device nor ends the object early.

    New representations come with new editions, and hostile ones with hostile peers; whether the
    length behind them has 16 or 32 bits, the parser must guess. One that guesses wrong reads beyond
    the value; one that stops there stores half an object with success. A good device refuses the
    object, or keeps the element as unknown and everything behind it.

    Remedy: Take the length of an unknown VR as 32 bits as PS3.5 7.1.2 has it, and refuse the object
    when what follows makes no sense.
    """
    offer_and_look_back(stage, UNKNOWN_VRS[str(stage.case["vr"])])
