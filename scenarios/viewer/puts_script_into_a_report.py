"""TXT-03: markup in the text of a structured report, opened in a browser."""

from harness.model import Role, Safety, Severity
from harness.oracles.browser import runs_nothing
from harness.registry import scenario
from harness.stage import Stage
from scenarios.viewer.steps import SEEN
from simulators.browser.marker import Marker
from simulators.browser.planting import address, browser_of, plant, report
from simulators.browser.tab import Tab


@scenario(
    id="TXT-003B",
    verifies=["HOUSE/BROWSER-INERT"],
    threats=["T-INTEG-01"],
    weakness=["CWE-79"],
    references=["CVE-2025-54862"],
    role=Role.ACCEPTOR,
    needs=SEEN,
    severity=Severity.CRITICAL,
    twin="WEB-905",
    control="viewer_unescaped_report",
    oracles=[runs_nothing(shown=True)],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
)
def puts_script_into_a_report(stage: Stage) -> None:
    """Markup in the text of a report is text on the page that shows the report.

    Text values of reports have no limit of 64 characters and are shown as paragraphs, so that
    pages often put them in as they are.

    Remedy: Escape the text of content items as any other value.
    """
    text = f"Finding {Marker.of(stage).picture(1)}"
    stored = report(stage, text)
    plant(stage, stored)
    texts = {"report": text}
    with Tab(stage) as tab:
        for page in browser_of(stage).pages:
            tab.visit(address(stage, page, stored), what=page, texts=texts)
