"""WEB-905C: a viewer is told where on its own server the data are."""

from harness.model import Role, Safety, Severity
from harness.oracles.browser import shows
from harness.registry import scenario
from harness.stage import Stage
from scenarios.viewer.steps import LINKED
from simulators.browser.planting import browser_of, honest_dataset, link, name_of, plant
from simulators.browser.tab import Tab
from simulators.web.target import path_of


@scenario(
    id="WEB-905C",
    verifies=["HOUSE/HONEST-SERVICE"],
    threats=["T-INTEG-08"],
    weakness=[],
    role=Role.ACCEPTOR,
    needs=LINKED,
    severity=Severity.MEDIUM,
    twin=None,
    control="viewer_knows_no_data",
    oracles=[shows("name")],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
)
def opens_its_own_data(stage: Stage) -> None:
    """A viewer opens data of its own server where a link says so.

    One that opens nothing sends no credentials to strangers either.

    Remedy: Serve the links that the device itself makes.
    """
    mine = honest_dataset(stage)
    plant(stage, mine)
    data = path_of(stage, "studies", str(mine.StudyInstanceUID), "metadata")
    with Tab(stage) as tab:
        target = link(browser_of(stage).viewer, tab.origin + data)
        tab.visit(target, what="the viewer", texts={"name": name_of(stage)})
