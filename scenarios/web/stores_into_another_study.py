"""WEB-06: the study of the address, and that of the object."""

from harness.model import Role, Safety, Severity
from harness.oracles.web_service import changes_nothing
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import FINDS, other_study
from simulators.objects import part10
from simulators.web.client import WebClient
from simulators.web.honest import as_stored, stow, witness_holding
from simulators.web.target import entitled


@scenario(
    id="WEB-006F",
    verifies=["HOUSE/WEB-STORES-WHAT-WAS-ASKED"],
    threats=["T-INTEG-01", "T-INTEG-20"],
    weakness=["CWE-863"],
    role=Role.ACCEPTOR,
    needs=FINDS,
    severity=Severity.HIGH,
    twin="WEB-900",
    control="web_takes_other_study",
    oracles=[changes_nothing()],
    budget_s=30,
    safety=Safety.STORES_OBJECTS,
)
def stores_into_another_study(stage: Stage) -> None:
    """An object of another study than that of the address is not stored.

    Rights are decided by the address where gateways decide them. An object that brings its own
    study passes by.

    Remedy: Compare the UIDs (PS3.18 10.5) and list the object as failed.
    """
    request = stow(stage, [part10(stage)], study=other_study(stage))
    with WebClient(stage) as client:
        client.ask(entitled(stage, request), stimulus=True)
    witness_holding(stage, as_stored(stage).study)
