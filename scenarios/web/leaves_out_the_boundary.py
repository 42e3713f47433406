"""WEB-06: a body whose parts nothing delimits."""

from harness.model import Role, Safety, Severity
from harness.oracles.web import turns_away
from harness.oracles.web_service import changes_nothing
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import FINDS
from simulators.objects import part10
from simulators.web import multipart
from simulators.web.client import WebClient
from simulators.web.honest import as_stored, stow_body, witness_holding
from simulators.web.target import entitled


@scenario(
    id="WEB-006",
    verifies=["HOUSE/WEB-STORES-WHAT-WAS-ASKED"],
    threats=["T-INTEG-07"],
    weakness=["CWE-20"],
    role=Role.ACCEPTOR,
    needs=FINDS,
    severity=Severity.MEDIUM,
    twin="WEB-900",
    control="web_multipart_without_boundary",
    oracles=[turns_away(400, 415), changes_nothing()],
    budget_s=30,
    safety=Safety.STORES_OBJECTS,
)
def leaves_out_the_boundary(stage: Stage) -> None:
    """A multipart body without a boundary parameter is refused, and nothing of it is stored.

    Whoever guesses the boundary reads other parts than the gateway that has inspected them.

    Remedy: Require the parameter (RFC 2046 5.1.1) and answer 400.
    """
    body = multipart.body([multipart.Part(content=part10(stage))])
    with WebClient(stage) as client:
        client.ask(entitled(stage, stow_body(stage, body, boundary=None)), lie=["Content-Type"])
    witness_holding(stage, as_stored(stage).study)
