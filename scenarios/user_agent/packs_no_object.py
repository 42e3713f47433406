"""WEB-06, turned round: multipart answers without a whole object."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.agents import refuses_answer
from harness.registry import scenario
from harness.stage import Stage
from simulators.origin.asking import plays
from simulators.origin.bodies import MALFORMED_PARTS
from simulators.origin.exchange import Reply


@scenario(
    id="WEB-110",
    verifies=["HOUSE/AGENT-TRUE-SUCCESS"],
    threats=["T-INTEG-05", "T-AVAIL-06"],
    weakness=["CWE-20"],
    role=Role.USER_AGENT,
    needs={Claim.AGENT_RETRIEVE},
    severity=Severity.HIGH,
    twin="WEB-951",
    control="agent_mends_multipart",
    oracles=[refuses_answer()],
    budget_s=30,
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
    vary=[{"how": name} for name in MALFORMED_PARTS],
)
def packs_no_object(stage: Stage) -> None:
    """A multipart answer that holds no whole object in its delimiters is refused.

    Where the delimiter is missing or another one, where the part ends too early or is empty, a
    client that guesses has half an object or none, and says that it has one (RFC 2046 5.1).

    Remedy: Ask for the boundary parameter, both delimiters and one whole object.
    """
    how = str(stage.case["how"])
    reply = Reply(pieces=[MALFORMED_PARTS[how](stage).framed()], lie="multipart")
    plays(stage, "retrieve", lambda _asked: reply, f"multipart with {how}")
