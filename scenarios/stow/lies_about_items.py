"""PAR-04 by STOW-RS: items of untrue length."""

from harness.model import Role, Safety, Severity
from harness.oracles.web_keeping import keeps_or_refuses
from harness.registry import scenario
from harness.stage import Stage
from simulators.datasets.items import UNTRUE_LENGTHS
from simulators.web.depositing import GIVES_BACK, leaves_built


@scenario(
    id="PAR-304",
    verifies=["HOUSE/NOTHING-LOST", "HOUSE/ONE-READING", "HOUSE/STAYS-IN-SERVICE", "PS3.5/7.5"],
    threats=["T-INTEG-07", "T-AVAIL-05"],
    weakness=["CWE-130"],
    references=["pydicom-encaps-swallow"],
    role=Role.ACCEPTOR,
    needs=GIVES_BACK,
    severity=Severity.HIGH,
    twin="WEB-901",
    control="salvages_readable_part",
    oracles=[keeps_or_refuses()],
    budget_s=40,
    safety=Safety.STORES_OBJECTS,
    vary=[{"file": name} for name in UNTRUE_LENGTHS],
)
def lies_about_items(stage: Stage) -> None:
    """An item of untrue length never costs the pixels of a file that is listed as stored.

    An item that is too long swallows what stands behind it, and the pixels stand behind
    everything. What was answered as stored and comes back without its picture is lost.

    Remedy: Let items end where their sequence ends, and list what does not fit as failed.
    """
    leaves_built(stage, UNTRUE_LENGTHS)
