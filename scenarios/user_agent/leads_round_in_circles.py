"""A chain of redirects that does not end."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.agents import follows_at_most, refuses_answer
from harness.registry import scenario
from harness.stage import Stage
from simulators.origin.asking import plays
from simulators.origin.exchange import Asked, Message, Reply
from simulators.origin.server import BASE


@scenario(
    id="WEB-117",
    verifies=["HOUSE/AGENT-BOUNDED", "HOUSE/AGENT-IN-ORDER"],
    threats=["T-AVAIL-07"],
    weakness=["CWE-835"],
    role=Role.USER_AGENT,
    needs={Claim.AGENT_SEARCH},
    severity=Severity.MEDIUM,
    twin="WEB-950",
    control="agent_follows_for_ever",
    oracles=[follows_at_most(200), refuses_answer()],
    budget_s=30,
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
    vary=[{"how": "a circle"}, {"how": "ever new addresses"}],
)
def leads_round_in_circles(stage: Stage) -> None:
    """Redirects are followed a few times and then no more.

    Each redirect costs the server a line and the client a connection. Whoever compares addresses
    finds circles; whoever does not count follows a chain of new addresses until somebody ends it.

    Remedy: Count redirects, and give up after a few (RFC 9110 15.4).
    """
    how = str(stage.case["how"])

    def lead(asked: Asked) -> Reply:
        again = "" if how == "a circle" else f"?hop={asked.number}"
        message = Message(status=302, kind="", fields={"Location": f"{BASE}/studies{again}"})
        return Reply(pieces=[message.framed()], lie="location")

    plays(stage, "search", lead, f"redirects without end: {how}")
