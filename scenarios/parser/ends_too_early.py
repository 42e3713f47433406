"""PAR-16: an object that is cut off, at every place that its elements have."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import reacts
from harness.registry import scenario
from harness.stage import Stage
from simulators.datasets.cuts import PLACES, cut, cuts
from simulators.readback import content_of, offer


@scenario(
    id="PAR-016",
    verifies=[
        "HOUSE/STAYS-IN-SERVICE",
        "HOUSE/ORDERLY-REFUSAL",
        "HOUSE/NO-READ-PAST-LENGTH",
        "PS3.5/7.1",
    ],
    threats=["T-AVAIL-02", "T-AVAIL-05"],
    weakness=["CWE-125", "CWE-20"],
    references=[
        "pydicom-8bcd586e02",
        "CVE-2022-2121",
        "CVE-2024-23912",
        "CVE-2024-23913",
        "CVE-2024-1453",
    ],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP},
    severity=Severity.HIGH,
    twin="PAR-910",
    control="crashes_on_cut_element",
    oracles=[reacts(prefers_refusal=True)],
    safety=Safety.STORES_OBJECTS,
    vary=[{"place": name} for name in PLACES],
)
def ends_too_early(stage: Stage) -> None:
    """An object that ends in the middle is refused in order, wherever it ends.

    Every read of a tag, a length or a value is a place where the end of the data may come first,
    and one unchecked read is enough to read what lies behind it or to end the process. Objects are
    cut so by full disks, broken exports and on purpose. A good device answers a failure status for
    each; where an object ends behind a whole element, it may take it for a short one.

    Remedy: Check before each read that as many octets are there, and refuse the object otherwise.
    """
    places = list(cuts(content_of(stage), str(stage.case["place"])))
    # Where time does not suffice for all, chance decides, not the order of the elements.
    stage.rng.shuffle(places)
    offer(stage, [cut(content_of(stage, number), left) for number, left in enumerate(places, 1)])
