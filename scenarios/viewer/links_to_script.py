"""WEB-19: a link tells the viewer that its data are script."""

from harness.model import Role, Severity
from harness.oracles.browser import runs_nothing
from harness.registry import scenario
from harness.stage import Stage
from scenarios.viewer.steps import LINKED
from simulators.browser.marker import Marker
from simulators.browser.planting import browser_of, link
from simulators.browser.tab import Tab


@scenario(
    id="WEB-019B",
    verifies=["HOUSE/VIEWER-LINKS", "HOUSE/BROWSER-INERT"],
    threats=["T-CONF-42"],
    weakness=["CWE-79", "CWE-939"],
    role=Role.ACCEPTOR,
    needs=LINKED,
    severity=Severity.HIGH,
    twin="WEB-905C",
    control="viewer_follows_any_scheme",
    oracles=[runs_nothing()],
    budget_s=60,
)
def links_to_script(stage: Stage) -> None:
    """A viewer does not run an address that is script.

    Viewers that go where a parameter says also go to "javascript:", which is script at their own
    origin.

    Remedy: Take http and https only, before anything else is looked at.
    """
    call = f"javascript:{Marker.of(stage).call}(1)"
    with Tab(stage) as tab:
        tab.visit(link(browser_of(stage).viewer, call), what="a link with script for a source")
