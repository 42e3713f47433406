"""PAR-12 by STOW-RS: tags that stand twice, or out of order."""

from harness.model import Role, Safety, Severity
from harness.oracles.web_keeping import keeps_or_refuses
from harness.registry import scenario
from harness.stage import Stage
from simulators.datasets.placement import DISORDER
from simulators.web.depositing import GIVES_BACK, leaves_built


@scenario(
    id="PAR-312",
    verifies=["HOUSE/ONE-READING", "HOUSE/NOTHING-LOST", "PS3.5/7.1"],
    threats=["T-INTEG-07", "T-INTEG-01"],
    weakness=["CWE-436"],
    role=Role.ACCEPTOR,
    needs=GIVES_BACK,
    severity=Severity.HIGH,
    twin="WEB-901",
    control="last_duplicate_wins",
    oracles=[keeps_or_refuses()],
    budget_s=40,
    safety=Safety.STORES_OBJECTS,
    vary=[{"file": name} for name in DISORDER],
)
def is_in_disorder(stage: Stage) -> None:
    """Tags that stand twice or out of order do not give an image to another patient.

    One program takes the first of two Patient IDs, the next one the last. What a search shows
    is then another patient than the file that comes back.

    Remedy: Refuse a tag that does not follow the one before it.
    """
    leaves_built(stage, DISORDER)
