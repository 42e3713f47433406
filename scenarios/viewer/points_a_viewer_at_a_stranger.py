"""WEB-19: a link tells the viewer that its data are at another origin."""

from harness.model import Role, Severity
from harness.oracles.browser import calls_no_stranger
from harness.registry import scenario
from harness.stage import Stage
from scenarios.viewer.steps import LINKED
from simulators.browser.planting import browser_of, link
from simulators.browser.stranger import Stranger
from simulators.browser.tab import Tab

_FORMS = {"absolute": "", "without-scheme": "//", "with-backslashes": "/\\\\"}


@scenario(
    id="WEB-019",
    verifies=["HOUSE/VIEWER-LINKS"],
    threats=["T-CONF-31", "T-CONF-42"],
    weakness=["CWE-522", "CWE-918"],
    references=["CVE-2026-12473"],
    role=Role.ACCEPTOR,
    needs=LINKED,
    severity=Severity.HIGH,
    twin="WEB-905C",
    control="viewer_sends_token_anywhere",
    oracles=[calls_no_stranger(credentials_only=True)],
    budget_s=60,
    vary=[{"form": name} for name in _FORMS],
)
def points_a_viewer_at_a_stranger(stage: Stage) -> None:
    """A viewer sends no credentials to an address that stands in a link.

    The link leads to the device, so the visitor trusts it; the data source in it is the stranger's,
    and a viewer that adds its token to every request hands it over.

    Remedy: List the origins that the viewer may open, and send credentials to its own alone.
    """
    form = _FORMS[str(stage.case["form"])]
    with Stranger(stage) as stranger, Tab(stage) as tab:
        there = stranger.url("/studies")
        there = form + there.partition("://")[2] if form else there
        tab.visit(link(browser_of(stage).viewer, there), what="a link with a foreign source")
