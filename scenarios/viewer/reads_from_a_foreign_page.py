"""WEB-12: a page of a stranger reads what its visitor may read."""

from harness.model import Role, Safety, Severity
from harness.oracles.browser import is_read_by_no_stranger
from harness.registry import scenario
from harness.stage import Stage
from scenarios.viewer.steps import SEEN, foreign_reader
from simulators.browser.planting import address, browser_of, honest_dataset, name_of, plant
from simulators.browser.stranger import Stranger
from simulators.browser.tab import Tab


@scenario(
    id="WEB-018C",
    verifies=["HOUSE/BROWSER-STRANGERS", "HOUSE/WEB-FOREIGN-ORIGIN"],
    threats=["T-CONF-42", "T-CONF-03"],
    weakness=["CWE-942"],
    role=Role.ACCEPTOR,
    needs=SEEN,
    severity=Severity.HIGH,
    twin="WEB-905",
    control="viewer_shares_session",
    oracles=[is_read_by_no_stranger()],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
)
def reads_from_a_foreign_page(stage: Stage) -> None:
    """A page of another origin does not read studies in the name of its visitor.

    Here a browser decides by the device's own answers, as it would for any visitor: cookie, its
    attributes and the fields of the CORS protocol together. The page stands on another port of the
    same host, so that the cookie comes along whatever a browser thinks of third parties.

    Remedy: Allow no origin but your own viewers', and make the cookie SameSite=Strict.
    """
    stored = honest_dataset(stage)
    plant(stage, stored)
    with Tab(stage) as tab:
        target = tab.origin + address(stage, browser_of(stage).pages[-1], stored)
        page = foreign_reader(target, name_of(stage), tab.marker.call)
        with Stranger(stage, {"/": page}, near=True) as stranger:
            tab.visit(stranger.url(), what="a stranger's page that reads", makes=("GET", target))
