"""WEB-06, turned round: multipart answers that are too much."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.agents import bounded_answer
from harness.registry import scenario
from harness.stage import Stage
from simulators.origin.asking import plays
from simulators.origin.bodies import EXCESSIVE_PARTS
from simulators.origin.exchange import Reply


@scenario(
    id="WEB-111",
    verifies=["HOUSE/AGENT-BOUNDED", "HOUSE/AGENT-IN-ORDER"],
    threats=["T-AVAIL-06", "T-AVAIL-08"],
    weakness=["CWE-674", "CWE-770"],
    role=Role.USER_AGENT,
    needs={Claim.AGENT_RETRIEVE},
    severity=Severity.HIGH,
    twin="WEB-951",
    control="agent_recurses_into_parts",
    oracles=[bounded_answer(15.0, 96 << 20)],
    budget_s=30,
    safety=Safety.NON_DESTRUCTIVE,
    alone=True,
    bystander=False,
    vary=[{"how": name} for name in EXCESSIVE_PARTS],
)
def packs_too_much(stage: Stage) -> None:
    """Parts in number, parts in parts and a header of mebibytes exhaust no client.

    Twenty thousand parts, two thousand multipart bodies one in another, or one header of 16 MiB fit
    into an answer that looks small beside a study. They take the stack or the time of a client that
    goes into each.

    Remedy: Limit the number of parts, their depth to one, and the length of a part's header.
    """
    how = str(stage.case["how"])
    reply = Reply(pieces=[EXCESSIVE_PARTS[how]().framed()], lie="multipart")
    plays(stage, "retrieve", lambda _asked: reply, how)
