"""WEB-13: markup in addresses that do not exist, opened in a browser."""

from urllib.parse import quote

from harness.model import Role, Severity
from harness.oracles.browser import runs_nothing
from harness.registry import scenario
from harness.stage import Stage
from scenarios.viewer.steps import SEEN
from simulators.browser.marker import Marker
from simulators.browser.planting import browser_of
from simulators.browser.tab import Tab
from simulators.web.target import path_of


@scenario(
    id="WEB-013E",
    verifies=["HOUSE/BROWSER-INERT"],
    threats=["T-CONF-42"],
    weakness=["CWE-79"],
    references=["CVE-2025-54156"],
    role=Role.ACCEPTOR,
    needs=SEEN,
    severity=Severity.HIGH,
    twin="WEB-905",
    control="web_reflects_error",
    oracles=[runs_nothing()],
    budget_s=60,
)
def opens_an_address_with_script(stage: Stage) -> None:
    """Script in an address runs neither on a page nor on the error that answers it.

    A link in a mail is enough: the visitor is signed in, and the script acts in his name.

    Remedy: Show nothing of an address on an error, or escape it.
    """
    markup = quote(Marker.of(stage).picture(1), safe="")
    page = browser_of(stage).pages[0].partition("?")[0].partition("#")[0]
    with Tab(stage) as tab:
        for where in (f"{path_of(stage, 'nothing')}/{markup}", f"{page}?PatientName={markup}"):
            tab.visit(where, what=where.partition("%")[0])
