"""TXT-03: a description with a quote that ends the attribute in which it stands."""

from harness.model import Role, Safety, Severity
from harness.oracles.browser import runs_nothing
from harness.registry import scenario
from harness.stage import Stage
from scenarios.viewer.steps import SEEN
from simulators.browser.marker import Marker
from simulators.browser.planting import address, browser_of, plant
from simulators.browser.tab import Tab
from simulators.objects import synthetic_dataset

_NAMES = ("StudyDescription", "SeriesDescription", "InstitutionName")


@scenario(
    id="TXT-003C",
    verifies=["HOUSE/BROWSER-INERT"],
    threats=["T-INTEG-01"],
    weakness=["CWE-79", "CWE-83"],
    references=["CVE-2025-54862"],
    role=Role.ACCEPTOR,
    needs=SEEN,
    severity=Severity.HIGH,
    twin="WEB-905",
    control="viewer_unquoted_hint",
    oracles=[runs_nothing(shown=True)],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
)
def ends_an_attribute(stage: Stage) -> None:
    """A quote in a description ends no attribute of a page.

    Escaping that is made for text leaves quotes alone: in a hint or a link, what follows the quote
    is another attribute of the same element, and one of those is script.

    Remedy: Escape quotes too, and quote every attribute.
    """
    quote = Marker.of(stage).quote(1)
    values: dict[str, str] = dict.fromkeys(_NAMES, quote)
    stored = synthetic_dataset(stage, 1, **values)
    plant(stage, stored)
    with Tab(stage) as tab:
        for page in browser_of(stage).pages:
            tab.visit(address(stage, page, stored), what=page, texts=values)
