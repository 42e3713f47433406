"""WEB-07, turned round: an answer that ends half way."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.agents import refuses_answer
from harness.registry import scenario
from harness.stage import Stage
from simulators.origin.asking import plays
from simulators.origin.framing import cut
from simulators.origin.honest import instance


@scenario(
    id="WEB-101",
    verifies=["HOUSE/AGENT-TRUE-SUCCESS"],
    threats=["T-INTEG-05"],
    weakness=["CWE-354"],
    role=Role.USER_AGENT,
    needs={Claim.AGENT_RETRIEVE},
    severity=Severity.HIGH,
    twin="WEB-951",
    control="agent_takes_cut_answers",
    oracles=[refuses_answer()],
    budget_s=30,
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
    vary=[{"how": "length"}, {"how": "chunks"}],
)
def stops_in_the_middle_of_an_answer(stage: Stage) -> None:
    """An instance that ends before its announced length is not taken for the whole.

    Whoever stands on the way, or a server that falls over, ends an answer in the middle. RFC 9112 8
    calls such a message incomplete. A client that takes it shows half a picture as the picture, and
    nobody asks again.

    Remedy: Compare what came with Content-Length, wait for the last chunk, and tell the user.
    """
    how = str(stage.case["how"])
    plays(stage, "retrieve", lambda _asked: cut(instance(stage), how), f"an answer cut off ({how})")
