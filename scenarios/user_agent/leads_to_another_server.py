"""WEB-19: a redirect to another server, with the token on it."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.agents import keeps_its_token, survives_answer
from harness.registry import scenario
from harness.stage import Stage
from simulators.origin.asking import Asking
from simulators.origin.exchange import Asked, Message, Reply
from simulators.origin.server import BASE


@scenario(
    id="WEB-116",
    verifies=["HOUSE/AGENT-KEEPS-CREDENTIALS"],
    threats=["T-IMPERS-03", "T-CONF-03"],
    weakness=["CWE-522", "CWE-601"],
    references=["CVE-2018-18074"],
    role=Role.USER_AGENT,
    needs={Claim.AGENT_RETRIEVE, Claim.AGENT_TOKEN},
    severity=Severity.CRITICAL,
    twin="WEB-951",
    control="agent_carries_its_token_along",
    oracles=[keeps_its_token(), survives_answer()],
    budget_s=30,
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
    vary=[
        {"status": status, "to": to}
        for status, to in ((302, "another port"), (307, "another port"), (302, "another host"))
    ],
)
def leads_to_another_server(stage: Stage) -> None:
    """A redirect to another origin is followed without the token, or not at all.

    One answer of a server that was taken over, or of a careless proxy, leads the client to the
    attacker, and the token for the archive is in the next request (RFC 9110 15.4). Another port is
    another server.

    Remedy: Drop Authorization wherever scheme, host or port is another one; better, follow no
    redirect to another origin.
    """
    status, to = int(str(stage.case["status"])), str(stage.case["to"])
    with Asking(stage) as desk, desk.canary() as other:
        host = "localhost" if to == "another host" else "127.0.0.1"
        address = other.url.replace("127.0.0.1", host)

        def lead(asked: Asked) -> Reply:
            where = address + asked.target.removeprefix(BASE)
            message = Message(status=status, kind="", fields={"Location": where})
            return Reply(pieces=[message.framed()], lie="location")

        desk.ask("retrieve", lead, f"a redirect to {to}")
