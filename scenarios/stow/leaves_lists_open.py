"""PAR-03 by STOW-RS: delimiters that are missing or surplus."""

from harness.model import Role, Safety, Severity
from harness.oracles.web_keeping import keeps_or_refuses
from harness.registry import scenario
from harness.stage import Stage
from simulators.datasets.items import DELIMITERS
from simulators.web.depositing import GIVES_BACK, leaves_built


@scenario(
    id="PAR-303",
    verifies=["HOUSE/NOTHING-LOST", "HOUSE/ONE-READING", "HOUSE/STAYS-IN-SERVICE", "PS3.5/7.5"],
    threats=["T-INTEG-07", "T-AVAIL-05"],
    weakness=["CWE-835", "CWE-130"],
    role=Role.ACCEPTOR,
    needs=GIVES_BACK,
    severity=Severity.HIGH,
    twin="WEB-901",
    control="salvages_readable_part",
    oracles=[keeps_or_refuses()],
    budget_s=40,
    safety=Safety.STORES_OBJECTS,
    vary=[{"file": name} for name in DELIMITERS],
)
def leaves_lists_open(stage: Stage) -> None:
    """A posted file with a missing or surplus delimiter is refused, or kept as it came.

    A parser that repairs what it reads decides what belongs to the image and what does not, and
    answers 200 for what is left. The sender deletes its copy.

    Remedy: Refuse with a failure reason (PS3.18 I.2.2), or keep the octets as they are.
    """
    leaves_built(stage, DELIMITERS)
