"""REV-011: what a second-hand device still knows."""

from harness.model import Question, Severity
from harness.stage import Stage
from scenarios.review import inspection


@inspection(
    id="REV-011",
    verifies=["HOUSE/ERASED-AT-DISPOSAL", "IEC62443-4-2/CR-4.2", "MDS2/SGUD-2"],
    threats=["T-IMPERS-40", "T-CONF-41"],
    weakness=["CWE-226", "CWE-212"],
    severity=Severity.HIGH,
    question=Question(
        ask=(
            "Is there a procedure that erases patient data, keys and settings for good, and was "
            "it done on a device of this kind?"
        ),
        look=(
            "Follow the procedure on a test device, and look for a synthetic patient's name on "
            "the media afterwards."
        ),
        attach="The record of the erasure, with the search on the media.",
        who="clinical engineering",
    ),
)
def is_erased_before_it_leaves(stage: Stage) -> None:
    """Patient data, keys and credentials are erased for good before the device leaves.

    Devices are sold, lent, repaired and scrapped with their disks. With them leave patients,
    certificates and the addresses and titles of the whole department, which open doors long after.

    Remedy: Provide a procedure that erases data, keys and settings, and revoke the certificates of
    the device.
    """
    stage.ask()
