"""WEB-07, turned round: a length that nobody could hold."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.agents import bounded_answer, refuses_answer
from harness.registry import scenario
from harness.stage import Stage
from simulators.origin.asking import plays
from simulators.origin.framing import gigantic
from simulators.origin.honest import instance


@scenario(
    id="WEB-102",
    verifies=["HOUSE/AGENT-BOUNDED", "HOUSE/AGENT-IN-ORDER"],
    threats=["T-AVAIL-08"],
    weakness=["CWE-789"],
    role=Role.USER_AGENT,
    needs={Claim.AGENT_RETRIEVE},
    severity=Severity.HIGH,
    twin="WEB-951",
    control="agent_reserves_what_is_announced",
    oracles=[bounded_answer(45.0, 64 << 20), refuses_answer()],
    budget_s=30,
    safety=Safety.NON_DESTRUCTIVE,
    alone=True,
    bystander=False,
)
def announces_a_terabyte(stage: Stage) -> None:
    """An announced length of a tebibyte costs the client no memory before the octets come.

    One line of an answer decides how much memory is taken where a client makes room for what is
    announced. A good client grows with what has come, up to a bound of its own.

    Remedy: Read piece by piece; refuse at once what is announced to be longer than it may be.
    """
    plays(stage, "retrieve", lambda _asked: gigantic(instance(stage)), "a length of a tebibyte")
