"""WEB-20: a link tells the viewer where to save."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import no_file_outside
from harness.registry import scenario
from harness.stage import Stage
from simulators.browser.planting import browser_of, link
from simulators.browser.tab import Tab
from simulators.lab import lab_of


@scenario(
    id="WEB-020B",
    verifies=["HOUSE/VIEWER-LINKS", "HOUSE/FILES-INSIDE"],
    threats=["T-INTEG-02"],
    weakness=["CWE-22", "CWE-939"],
    references=["CVE-2024-33606"],
    role=Role.ACCEPTOR,
    needs={Claim.BROWSER_LAUNCH, Claim.BROWSER_PAGES, Claim.WEB_STOW},
    severity=Severity.HIGH,
    twin="WEB-905",
    control="viewer_saves_where_told",
    oracles=[no_file_outside()],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
    alone=True,
)
def links_to_where_to_save(stage: Stage) -> None:
    """A link does not say where a viewer writes.

    Launch links of viewers have properties for folders and files; a page that makes such a link
    writes where the viewer may write.

    Remedy: Ask the user, or save below one folder under names of your own.
    """
    file = lab_of(stage).canary / f"{stage.token}.txt"
    with Tab(stage) as tab:
        tab.visit(link(browser_of(stage).launch, str(file)), what="a link that says where to save")
