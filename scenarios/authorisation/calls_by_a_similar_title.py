"""AUT-04: calling AE titles that resemble a configured one."""

from harness.model import Claim, Role, Severity
from harness.oracles import keeps_titles_apart
from harness.registry import scenario
from harness.stage import Stage
from simulators.access.titles import VARIANTS, call_as


@scenario(
    id="AUT-004",
    verifies=["HOUSE/AE-EQUIVALENCE", "HOUSE/AE-ALLOW-LIST", "PS3.8/9.3.2/AE-TITLE"],
    threats=["T-IMPERS-01"],
    weakness=["CWE-178", "CWE-187"],
    role=Role.ACCEPTOR,
    needs={Claim.VERIFICATION_SCP, Claim.CHECKS_CALLING_AE},
    severity=Severity.MEDIUM,
    twin="ASC-900",
    control="compares_titles_loosely",
    oracles=[keeps_titles_apart()],
    vary=VARIANTS,
)
def calls_by_a_similar_title(stage: Stage) -> None:
    """A calling AE title that only resembles a configured one is not served.

    Spaces around a title do not count, and everything else does: case, length, every character.
    Where a device compares less than it shows, other rules that compare exactly (hosts, limits,
    audit) are passed by a title that is the same to one of them and another one to the next.

    Remedy: Strip surrounding spaces once, then compare exactly; document it if case is ignored.
    """
    call_as(stage, str(stage.case["title"]))
