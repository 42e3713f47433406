"""TXT-03: markup in the name of a patient and in descriptions, opened in a browser."""

from harness.model import Role, Safety, Severity
from harness.oracles.browser import runs_nothing
from harness.registry import scenario
from harness.stage import Stage
from scenarios.viewer.steps import SEEN
from simulators.browser.marker import Marker
from simulators.browser.planting import address, browser_of, plant
from simulators.browser.tab import Tab
from simulators.objects import synthetic_dataset


@scenario(
    id="TXT-003",
    verifies=["HOUSE/BROWSER-INERT"],
    threats=["T-INTEG-01"],
    weakness=["CWE-79"],
    references=["CVE-2023-7238", "CVE-2023-33255"],
    role=Role.ACCEPTOR,
    needs=SEEN,
    severity=Severity.CRITICAL,
    twin="WEB-905",
    control="viewer_unescaped_names",
    oracles=[runs_nothing(shown=True)],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
)
def puts_script_into_names(stage: Stage) -> None:
    """Markup in names and descriptions is text on every page that shows them.

    Whoever may store an object, or bring a CD, writes into the pages that administrators look at.
    The script here says that it ran, and does nothing else.

    Remedy: Escape every value where a page is made, also values that came from DICOM.
    """
    marker = Marker.of(stage)
    values: dict[str, str] = {
        "PatientName": f"Visible{marker.script(1)}",
        "StudyDescription": marker.picture(2),
        "SeriesDescription": marker.drawing(3),
        "InstitutionName": marker.picture(4),
    }
    stored = synthetic_dataset(stage, 1, **values)
    plant(stage, stored)
    with Tab(stage) as tab:
        for page in browser_of(stage).pages:
            tab.visit(address(stage, page, stored), what=page, texts=values)
