"""WEB-21: encapsulated documents that fetch a picture from a stranger."""

from harness.model import Role, Safety, Severity
from harness.oracles.browser import calls_no_stranger
from harness.registry import scenario
from harness.stage import Stage
from scenarios.viewer.steps import HANDED
from simulators.browser.planting import address, browser_of, document, plant
from simulators.browser.stranger import Stranger
from simulators.browser.tab import Tab

_PAGE = '<!DOCTYPE html><title>Consent</title><p>Consent<img src="{url}">'


@scenario(
    id="WEB-021B",
    verifies=["HOUSE/BROWSER-INERT"],
    threats=["T-CONF-31"],
    weakness=["CWE-829"],
    role=Role.ACCEPTOR,
    needs=HANDED,
    severity=Severity.MEDIUM,
    twin="WEB-905B",
    control="viewer_documents_may_fetch",
    oracles=[calls_no_stranger()],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
)
def encapsulates_a_beacon(stage: Stage) -> None:
    """An encapsulated document fetches nothing from elsewhere when it is opened.

    Without any script, a picture tells its author who opened the study, when and from where.

    Remedy: Show documents under a policy that lets them fetch nothing ("default-src 'none'").
    """
    with Stranger(stage) as stranger:
        text = _PAGE.format(url=stranger.url("/beacon"))
        stored = document(stage, text.encode(), "text/html")
        plant(stage, stored)
        with Tab(stage) as tab:
            where = address(stage, browser_of(stage).document, stored)
            tab.visit(where, what="a document with a beacon")
