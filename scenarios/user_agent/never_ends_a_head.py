"""WEB-15, turned round: a head without end."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.agents import bounded_answer, refuses_answer
from harness.registry import scenario
from harness.stage import Stage
from simulators.origin.asking import plays
from simulators.origin.framing import long_head, many_fields


@scenario(
    id="WEB-107",
    verifies=["HOUSE/AGENT-BOUNDED", "HOUSE/AGENT-IN-ORDER"],
    threats=["T-AVAIL-08"],
    weakness=["CWE-770"],
    role=Role.USER_AGENT,
    needs={Claim.AGENT_SEARCH},
    severity=Severity.MEDIUM,
    twin="WEB-950",
    control="agent_reads_any_head",
    oracles=[bounded_answer(45.0, 16 << 20), refuses_answer()],
    budget_s=30,
    safety=Safety.NON_DESTRUCTIVE,
    alone=True,
    bystander=False,
    vary=[{"how": "field"}, {"how": "fields"}],
)
def never_ends_a_head(stage: Stage) -> None:
    """A head of many mebibytes is refused.

    The limit for the body is often remembered, that for the head is not. One field without end, or
    fields without end, fill the memory before the client knows the status.

    Remedy: Limit the length of a line, the number of fields and the length of the whole head.
    """
    how = str(stage.case["how"])
    replies = {"field": long_head, "fields": many_fields}
    plays(stage, "search", lambda _asked: replies[how](), f"a head without end ({how})")
