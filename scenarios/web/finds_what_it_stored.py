"""WEB-900: an honest STOW-RS, then an honest QIDO-RS."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.web import answers_with
from harness.registry import scenario
from harness.stage import Stage
from simulators.web.client import WebClient
from simulators.web.honest import qido, store_by_web
from simulators.web.target import entitled


@scenario(
    id="WEB-900",
    verifies=["HOUSE/HONEST-SERVICE"],
    threats=["T-INTEG-08"],
    weakness=[],
    role=Role.ACCEPTOR,
    needs={Claim.WEB_STOW, Claim.WEB_QIDO},
    severity=Severity.MEDIUM,
    twin=None,
    control="web_stow_says_success",
    oracles=[answers_with("study")],
    budget_s=30,
    safety=Safety.STORES_OBJECTS,
)
def finds_what_it_stored(stage: Stage) -> None:
    """An object that was stored by STOW-RS is found by QIDO-RS.

    A server that refuses every request also refuses every attack; only one that serves honest
    clients can be called secure for what it refuses.

    Remedy: Store what is acknowledged, and index it before the acknowledgement.
    """
    thing = store_by_web(stage)
    with WebClient(stage) as client:
        request = entitled(stage, qido(stage, StudyInstanceUID=thing.study))
        client.ask(request, stimulus=True, marks={"study": thing.study.encode()})
