"""PAR-05: values of odd, empty or impossible length."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import keeps_what_it_acknowledges, reacts, shows_true_identity
from harness.registry import scenario
from harness.stage import Stage
from simulators.datasets.lengths import UNFIT
from simulators.readback import offer_and_look_back


@scenario(
    id="PAR-005",
    verifies=[
        "HOUSE/NOTHING-LOST",
        "HOUSE/ONE-READING",
        "HOUSE/STAYS-IN-SERVICE",
        "PS3.5/6.2",
        "PS3.5/7.1",
    ],
    threats=["T-INTEG-07", "T-AVAIL-02"],
    weakness=["CWE-130"],
    references=["CVE-2025-14607"],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP},
    severity=Severity.HIGH,
    twin="PAR-910",
    control="drops_odd_octets",
    oracles=[reacts(prefers_refusal=True), shows_true_identity(), keeps_what_it_acknowledges()],
    safety=Safety.STORES_OBJECTS,
    vary=[{"value": name} for name in UNFIT],
)
def does_not_fit_its_representation(stage: Stage) -> None:
    """A value of a length that its VR does not permit is refused, or comes back as it was.

    Numbers of three octets are read one octet too far; texts of odd length lose their last
    character where a length is rounded down, so that patient 1234567 becomes patient 123456. A good
    device answers a failure status; one that pads the value, or keeps it as it came, gives it back
    whole.

    Remedy: Check lengths against the VR before a value is read as numbers, and pad odd values
    instead of cutting them.
    """
    offer_and_look_back(stage, UNFIT[str(stage.case["value"])])
