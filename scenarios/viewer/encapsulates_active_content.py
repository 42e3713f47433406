"""WEB-21: encapsulated documents with script."""

from harness.model import Role, Safety, Severity
from harness.oracles.browser import runs_nothing
from harness.registry import scenario
from harness.stage import Stage
from scenarios.viewer.steps import ACTIVE, HANDED
from simulators.browser.marker import Marker
from simulators.browser.planting import address, browser_of, document, plant
from simulators.browser.tab import Tab


@scenario(
    id="WEB-021",
    verifies=["HOUSE/BROWSER-INERT"],
    threats=["T-INTEG-01"],
    weakness=["CWE-79", "CWE-434"],
    references=["DCMTK-4ef9c14b6"],
    role=Role.ACCEPTOR,
    needs=HANDED,
    severity=Severity.HIGH,
    twin="WEB-905B",
    control="viewer_serves_documents_as_pages",
    oracles=[runs_nothing()],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
    vary=[{"media_type": name} for name in ACTIVE],
)
def encapsulates_active_content(stage: Stage) -> None:
    """An encapsulated document runs no script, whatever it says that it is.

    The object itself says of which media type its document is. A device that believes it, and
    shows HTML, SVG or XML at its own origin, runs the author's script as its visitor.

    Remedy: Hand documents out as attachments, or show them under a policy that is "sandbox".
    """
    media_type = str(stage.case["media_type"])
    marker = Marker.of(stage)
    text = ACTIVE[media_type].format(call=marker.call, id=marker.element)
    stored = document(stage, text.encode(), media_type)
    plant(stage, stored)
    with Tab(stage) as tab:
        where = address(stage, browser_of(stage).document, stored)
        tab.visit(where, what=f"a document of {media_type}", document=text.encode())
