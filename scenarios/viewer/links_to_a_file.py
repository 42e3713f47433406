"""WEB-20: a link tells the viewer that its data are a file of the machine."""

from harness.model import Claim, Role, Severity
from harness.oracles.browser import shows_no_secret
from harness.registry import scenario
from harness.stage import Stage
from scenarios.viewer.steps import LINKED
from simulators.browser.planting import browser_of, link
from simulators.browser.tab import Tab
from simulators.lab import lab_of


@scenario(
    id="WEB-020",
    verifies=["HOUSE/VIEWER-LINKS"],
    threats=["T-CONF-31"],
    weakness=["CWE-73", "CWE-939"],
    references=["CVE-2024-33606"],
    role=Role.ACCEPTOR,
    needs=LINKED | {Claim.OWN_PROCESS},
    severity=Severity.HIGH,
    twin="WEB-905C",
    control="viewer_opens_local_files",
    oracles=[shows_no_secret("the file")],
    budget_s=60,
)
def links_to_a_file(stage: Stage) -> None:
    """A viewer does not open a file of its machine because a link names it.

    What stands on the server, or on the radiologist's own disk, is nothing that a page may choose.
    The file is one of ours beside the device's folders.

    Remedy: Take http and https only, and never a path from a link.
    """
    secret = f"not for visitors {stage.token}"
    file = lab_of(stage).canary / f"{stage.token}.txt"
    file.write_text(secret, "ascii")
    with Tab(stage) as tab:
        where = link(browser_of(stage).viewer, file.as_uri())
        tab.visit(
            where, what="a link to a file", texts={"the file": secret}, document=secret.encode()
        )
