"""WEB-11, turned round: JSON that is no list of matches."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.agents import bounded_answer, survives_answer
from harness.registry import scenario
from harness.stage import Stage
from simulators.origin.asking import plays
from simulators.origin.bodies import MALFORMED_JSON
from simulators.origin.exchange import Message, Reply


@scenario(
    id="WEB-112",
    verifies=["HOUSE/AGENT-IN-ORDER", "HOUSE/AGENT-BOUNDED"],
    threats=["T-AVAIL-06"],
    weakness=["CWE-674", "CWE-248"],
    role=Role.USER_AGENT,
    needs={Claim.AGENT_SEARCH},
    severity=Severity.MEDIUM,
    twin="WEB-950",
    control="agent_trusts_json",
    oracles=[survives_answer(), bounded_answer(15.0, 96 << 20)],
    budget_s=30,
    safety=Safety.NON_DESTRUCTIVE,
    alone=True,
    bystander=False,
    vary=[{"how": name} for name in MALFORMED_JSON],
)
def describes_matches_wrongly(stage: Stage) -> None:
    """A search answer that is deep, of another form or no JSON ends no client.

    Worklists of viewers ask again and again. Whatever of an answer leads to an error that nobody
    handles takes the list away from everybody who works with it.

    Remedy: Check depth and form before use, and handle every error of the decoder.
    """
    how = str(stage.case["how"])
    reply = Reply(pieces=[Message(body=MALFORMED_JSON[how](stage)).framed()], lie="json")
    plays(stage, "search", lambda _asked: reply, f"JSON: {how}")
