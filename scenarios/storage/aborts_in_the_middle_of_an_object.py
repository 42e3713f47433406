"""STO-08: an association ends in the middle of a C-STORE."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import leaves_nothing
from harness.registry import scenario
from harness.stage import Stage
from simulators.hostile import STUDY_INSTANCE_UID
from simulators.marking import marked, offer
from simulators.objects import uid
from simulators.remains import SIDE, Remains, cut_off

_CASES = [
    *((manner, percent) for manner in ("abort", "close") for percent in (10, 50, 99)),
    ("reset", 50),
]


@scenario(
    id="STO-008",
    verifies=["HOUSE/NO-REMAINS", "HOUSE/WHOLE-OR-NOTHING", "PS3.4/B.2.3"],
    threats=["T-INTEG-01", "T-AVAIL-11"],
    weakness=["CWE-459"],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP},
    severity=Severity.HIGH,
    twin="STO-910",
    control="keeps_aborted_partial",
    oracles=[leaves_nothing()],
    safety=Safety.STORES_OBJECTS,
    alone=True,
    vary=[{"manner": manner, "percent": percent} for manner, percent in _CASES],
)
def aborts_in_the_middle_of_an_object(stage: Stage) -> None:
    """A transfer that is cut off leaves nothing: not listed, not retrievable, not on the disc.

    Cables are pulled, and attackers abort. What has come by then is no object: an image without its
    lower half hides a finding, and unfinished files that nobody removes fill the disc, one aborted
    transfer at a time. An honest object is stored afterwards, and found by the same ways.

    Remedy: Write beside the final name, index after the last fragment, remove what was not ended.
    """
    remains = Remains(stage)
    lost = marked(stage, 1, side=SIDE).altered(STUDY_INSTANCE_UID, uid(stage, 4))
    cut_off(stage, lost, percent=int(str(stage.case["percent"])), manner=str(stage.case["manner"]))
    control = marked(stage, 2, number=2, side=SIDE)
    stage.require(offer(stage, control), "an honest object was not taken afterwards")
    remains.look(lost, control)
