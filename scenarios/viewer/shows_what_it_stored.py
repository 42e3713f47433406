"""WEB-905: an honest object, looked at in a browser."""

from harness.model import Role, Safety, Severity
from harness.oracles.browser import shows
from harness.registry import scenario
from harness.stage import Stage
from scenarios.viewer.steps import SEEN
from simulators.browser.planting import address, browser_of, honest_dataset, name_of, plant
from simulators.browser.tab import Tab


@scenario(
    id="WEB-905",
    verifies=["HOUSE/HONEST-SERVICE"],
    threats=["T-INTEG-08"],
    weakness=["CWE-706"],
    role=Role.ACCEPTOR,
    needs=SEEN,
    severity=Severity.HIGH,
    twin=None,
    control="viewer_shows_first_study",
    oracles=[shows("name")],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
)
def shows_what_it_stored(stage: Stage) -> None:
    """The name of a stored patient is seen on the pages of that study.

    A page that shows nothing shows no markup either; only one on which an honest name is read can
    be called safe for what it does not run. Another study was stored before: a page that shows
    that one instead shows the wrong patient.

    Remedy: Show what was asked for.
    """
    plant(stage, honest_dataset(stage, 2, other=True))
    mine = honest_dataset(stage)
    plant(stage, mine)
    with Tab(stage) as tab:
        for page in browser_of(stage).pages:
            tab.visit(address(stage, page, mine), what=page, texts={"name": name_of(stage)})
