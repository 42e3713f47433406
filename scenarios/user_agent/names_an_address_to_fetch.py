"""WEB-05, turned round: addresses in a search answer."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.agents import asks_nobody_else, survives_answer
from harness.registry import scenario
from harness.stage import Stage
from simulators.origin.asking import Asking
from simulators.origin.bodies import with_addresses


@scenario(
    id="WEB-119",
    verifies=["HOUSE/AGENT-INSIDE"],
    threats=["T-IMPERS-03", "T-INTEG-05"],
    weakness=["CWE-918"],
    role=Role.USER_AGENT,
    needs={Claim.AGENT_SEARCH},
    severity=Severity.HIGH,
    twin="WEB-950",
    control="agent_fetches_addresses",
    oracles=[asks_nobody_else(), survives_answer()],
    budget_s=30,
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
    vary=[{"how": "RetrieveURL"}, {"how": "BulkDataURI"}],
)
def names_an_address_to_fetch(stage: Stage) -> None:
    """A search calls no address because it stands in an answer.

    RetrieveURL and BulkDataURI are addresses that the server chooses. A client that fetches them
    unasked calls systems that only it can reach, and tells a foreign server who is looking for
    whom.

    Remedy: Fetch nothing that the user did not ask for, and only from the server that was
    configured.
    """
    how = str(stage.case["how"])
    with Asking(stage) as desk, desk.canary() as other:
        reply = with_addresses(stage, other.url, how)
        desk.ask("search", lambda _asked: reply, f"an address in {how}")
