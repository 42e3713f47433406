"""WEB-916: an honest picture, imported and rendered."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.web_pictures import renders
from harness.registry import scenario
from harness.stage import Stage
from simulators.web.showing import shows_honestly
from simulators.web.ways_in import BY_IMPORT, IMPORTS


@scenario(
    id="WEB-916",
    verifies=["HOUSE/HONEST-SERVICE"],
    threats=["T-AVAIL-05"],
    weakness=[],
    role=Role.ACCEPTOR,
    needs=IMPORTS | {Claim.WEB_RENDERED},
    severity=Severity.MEDIUM,
    twin=None,
    control="cannot_decode",
    oracles=[renders()],
    budget_s=40,
    safety=Safety.STORES_OBJECTS,
)
def shows_an_honest_picture(stage: Stage) -> None:
    """An honest picture that was imported is rendered.

    The twin of imported pictures that lie: who renders nothing of what was imported has
    withstood nothing.

    Remedy: Render what was imported as what was sent.
    """
    shows_honestly(stage, BY_IMPORT)
