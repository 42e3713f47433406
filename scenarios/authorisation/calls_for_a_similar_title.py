"""AUT-04 for the called AE title: titles that resemble the device's own."""

from harness.model import Claim, Role, Severity
from harness.oracles import keeps_titles_apart
from harness.registry import scenario
from harness.stage import Stage
from simulators.access.titles import VARIANTS, call_for


@scenario(
    id="AUT-004B",
    verifies=["HOUSE/AE-EQUIVALENCE", "HOUSE/CALLED-AE", "PS3.8/9.3.2/AE-TITLE"],
    threats=["T-IMPERS-01"],
    weakness=["CWE-178", "CWE-187"],
    role=Role.ACCEPTOR,
    needs={Claim.VERIFICATION_SCP, Claim.CHECKS_CALLED_AE},
    severity=Severity.LOW,
    twin="ASC-900",
    control="compares_titles_loosely",
    oracles=[keeps_titles_apart()],
    vary=VARIANTS,
)
def calls_for_a_similar_title(stage: Stage) -> None:
    """An association that is meant for a title like the device's own is not served.

    One device may have several titles with rules of their own: an archive for everybody and one
    for research. Where titles are compared loosely, a caller reaches the one by the other's name.

    Remedy: Strip surrounding spaces once, then compare exactly; document it if case is ignored.
    """
    call_for(stage, str(stage.case["title"]))
