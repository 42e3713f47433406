"""INT-08: storage commitment is asked for objects that the device does not hold."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import commits_nothing_else
from harness.registry import scenario
from harness.stage import Stage
from simulators.objects import uid
from simulators.promises import commit, witness_report
from simulators.queries import store_honestly
from simulators.wire import uids

_NEVER, _CLASS, _BESIDE = "never stored", "of another class", "beside one that was stored"


@scenario(
    id="INT-008",
    verifies=["PS3.4/J.3", "HOUSE/COMMITS-WHAT-IT-HAS"],
    threats=["T-INTEG-08", "T-INTEG-20"],
    weakness=["CWE-345"],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP, Claim.STORAGE_COMMITMENT_SCP},
    severity=Severity.HIGH,
    twin="INT-905",
    control="commits_without_looking",
    oracles=[commits_nothing_else(0x0112, 0x0119)],
    safety=Safety.STORES_OBJECTS,
    vary=[{"objects": name} for name in (_NEVER, _CLASS, _BESIDE)],
)
def commits_nothing_it_lacks(stage: Stage) -> None:
    """Storage commitment is refused for each object that is not there under its class.

    The modality deletes its copy as soon as the archive has committed itself. A commitment that is
    given without looking therefore destroys the one object that never arrived, or that was stored
    as something else. A good device names each such object as failed, and says why.

    Remedy: Look each object up by class and instance; report what is not there (0112H, 0119H).
    """
    stored = store_honestly(stage)
    known = (stored.sop_class, stored.sop_instance)
    strange = (stored.sop_class, uid(stage, 8, 1))
    if stage.case["objects"] == _CLASS:
        strange = (uids.CT_IMAGE_STORAGE, stored.sop_instance)
    beside = [known] if stage.case["objects"] == _BESIDE else []
    report = commit(stage, [*beside, strange], uid(stage, 9))
    witness_report(stage, report, known=beside, unknown=[strange])
