"""PAR-11 by STOW-RS: meta information inside the data set."""

from harness.model import Role, Safety, Severity
from harness.oracles.web_keeping import keeps_or_refuses
from harness.registry import scenario
from harness.stage import Stage
from simulators.datasets.placement import FOREIGN_GROUPS
from simulators.web.depositing import GIVES_BACK, leaves_built


@scenario(
    id="PAR-311",
    verifies=["HOUSE/ONE-READING", "HOUSE/NOTHING-LOST", "HOUSE/STAYS-IN-SERVICE", "PS3.5/7.1"],
    threats=["T-INTEG-07"],
    weakness=["CWE-436"],
    role=Role.ACCEPTOR,
    needs=GIVES_BACK,
    severity=Severity.HIGH,
    twin="WEB-901",
    control="lets_data_set_override_meta",
    oracles=[keeps_or_refuses()],
    budget_s=40,
    safety=Safety.STORES_OBJECTS,
    vary=[{"file": name} for name in FOREIGN_GROUPS],
)
def brings_foreign_groups(stage: Stage) -> None:
    """Groups 0000 and 0002 inside a posted data set override nothing.

    A transfer syntax inside the data set, or a SOP Instance UID of a command, is believed by
    programs that keep all elements in one table. Then the object comes back as another one.

    Remedy: Refuse these groups in a data set, or leave them out and say so.
    """
    leaves_built(stage, FOREIGN_GROUPS)
