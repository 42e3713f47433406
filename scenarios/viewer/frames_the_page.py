"""WEB-13: a page of a stranger shows the device inside itself."""

from harness.model import Role, Safety, Severity
from harness.oracles.browser import is_framed_by_no_stranger
from harness.registry import scenario
from harness.stage import Stage
from scenarios.viewer.steps import SEEN
from simulators.browser.planting import address, browser_of, honest_dataset, name_of, plant
from simulators.browser.stranger import Stranger
from simulators.browser.tab import Tab

_FRAME = '<!DOCTYPE html><title>Prizes</title><iframe width=900 height=500 src="{url}"></iframe>'


@scenario(
    id="WEB-013F",
    verifies=["HOUSE/BROWSER-STRANGERS"],
    threats=["T-CONF-42"],
    weakness=["CWE-1021"],
    role=Role.ACCEPTOR,
    needs=SEEN,
    severity=Severity.MEDIUM,
    twin="WEB-905",
    control="viewer_may_be_framed",
    oracles=[is_framed_by_no_stranger()],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
)
def frames_the_page(stage: Stage) -> None:
    """A page of another origin does not show the device inside itself.

    What is shown there is the real page with its visitor's rights; the stranger lays something
    over it, and the visitor's clicks go to the device. The page stands on another port of the same
    host, as any other program there may.

    Remedy: Send Content-Security-Policy: frame-ancestors 'none'.
    """
    stored = honest_dataset(stage)
    plant(stage, stored)
    with Tab(stage) as tab:
        target = tab.origin + address(stage, browser_of(stage).pages[-1], stored)
        texts = {"name": name_of(stage)}
        with Stranger(stage, {"/": _FRAME.format(url=target)}, near=True) as stranger:
            tab.visit(
                stranger.url(), what="a stranger's page with a frame", texts=texts,
                makes=("GET", target.partition("#")[0]),
            )  # fmt: skip
