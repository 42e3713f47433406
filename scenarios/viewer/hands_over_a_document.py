"""WEB-905B: an honest encapsulated document."""

from harness.model import Role, Safety, Severity
from harness.oracles.browser import hands_over
from harness.registry import scenario
from harness.stage import Stage
from scenarios.viewer.steps import HANDED, PDF
from simulators.browser.planting import address, browser_of, document, plant
from simulators.browser.tab import Tab


@scenario(
    id="WEB-905B",
    verifies=["HOUSE/HONEST-SERVICE"],
    threats=["T-INTEG-08"],
    weakness=["CWE-393"],
    role=Role.ACCEPTOR,
    needs=HANDED,
    severity=Severity.MEDIUM,
    twin=None,
    control="viewer_cuts_documents",
    oracles=[hands_over()],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
)
def hands_over_a_document(stage: Stage) -> None:
    """A stored document comes out as it was put in.

    Reports and consents are kept as encapsulated documents; a device that gives none to anybody
    runs none of them either.

    Remedy: Hand out the octets of Encapsulated Document, without its padding.
    """
    stored = document(stage, PDF, "application/pdf")
    plant(stage, stored)
    where = browser_of(stage).document
    with Tab(stage) as tab:
        tab.visit(address(stage, where, stored), what="the document", document=PDF)
