"""DEI-05: overlays, curves and annotations."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.deidentification import leaves_no_canary
from harness.registry import scenario
from harness.stage import Stage
from simulators.deidentification.payloads import graphics
from simulators.deidentification.playing import gives


@scenario(
    id="DEI-005",
    verifies=["PS3.15/E.1", "HOUSE/DEIDENTIFIED-EVERYWHERE"],
    threats=["T-CONF-46"],
    weakness=["CWE-212"],
    references=["Orthanc-issue46"],
    role=Role.READER,
    needs={Claim.DEIDENTIFIER, Claim.DEIDENTIFIES_GRAPHICS},
    severity=Severity.HIGH,
    twin="DEI-900",
    control="deid_keeps_graphics",
    oracles=[leaves_no_canary()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
)
def keeps_drawings(stage: Stage) -> None:
    """Overlays, curves and graphic annotations are gone where graphics are not cleaned.

    Overlays hold names as pixels and as comments. They stand in repeating groups, 6000 to 601E,
    which a list of single tags does not name.

    Remedy: Remove the groups 50xx and 60xx and Graphic Annotation Sequence, unless the Clean
    Graphics Option is implemented.
    """
    gives(stage, graphics, "overlay, curve and annotation")
