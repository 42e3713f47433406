"""DEI-07: icons and encapsulated documents."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.deidentification import refuses_or_leaves_no_canary
from harness.registry import scenario
from harness.stage import Stage
from simulators.deidentification.payloads import document, icon
from simulators.deidentification.playing import gives


@scenario(
    id="DEI-007",
    verifies=["HOUSE/DEIDENTIFIED-EVERYWHERE", "PS3.15/E.1"],
    threats=["T-CONF-46"],
    weakness=["CWE-212"],
    references=["Orthanc-issue46"],
    role=Role.READER,
    needs={Claim.DEIDENTIFIER, Claim.DEIDENTIFIES_BASIC},
    severity=Severity.HIGH,
    twin="DEI-900",
    control="deid_keeps_documents",
    oracles=[refuses_or_leaves_no_canary()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
    vary=[{"kind": "icon"}, {"kind": "document"}],
)
def keeps_other_pictures_and_pages(stage: Stage) -> None:
    """Icon images and encapsulated documents are removed or refused, never handed on.

    An icon shows the picture as it was before its annotation was blacked out, and an
    encapsulated page has the letterhead with name and address. Programs that change attributes
    hand the payload on.

    Remedy: Remove Icon Image Sequence, and refuse SOP classes whose payload is not cleaned.
    """
    kind = str(stage.case["kind"])
    gives(stage, {"document": document, "icon": icon}[kind], kind)
