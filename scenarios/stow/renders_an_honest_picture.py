"""WEB-908: an honest picture, rendered."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.web_pictures import renders
from harness.registry import scenario
from harness.stage import Stage
from simulators.web.depositing import GIVES_BACK
from simulators.web.showing import shows_honestly


@scenario(
    id="WEB-908",
    verifies=["HOUSE/HONEST-SERVICE"],
    threats=["T-AVAIL-05"],
    weakness=[],
    role=Role.ACCEPTOR,
    needs=GIVES_BACK | {Claim.WEB_RENDERED},
    severity=Severity.MEDIUM,
    twin=None,
    control="cannot_decode",
    oracles=[renders()],
    budget_s=40,
    safety=Safety.STORES_OBJECTS,
)
def renders_an_honest_picture(stage: Stage) -> None:
    """An honest picture that was stored by STOW-RS is rendered.

    The twin of whatever asks for pictures that lie: who renders nothing has withstood nothing.

    Remedy: Render grey pictures of eight bits for clients that take PNG.
    """
    shows_honestly(stage)
