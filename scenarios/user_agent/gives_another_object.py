"""INT, turned round: an object that nobody asked for."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.agents import refuses_answer
from harness.registry import scenario
from harness.stage import Stage
from simulators.origin.asking import plays
from simulators.origin.bodies import other_objects
from simulators.origin.exchange import Reply
from simulators.origin.honest import packed
from simulators.web.multipart import Part


@scenario(
    id="WEB-114",
    verifies=["HOUSE/AGENT-TRUE-SUCCESS", "HOUSE/ASKED-FOR-ONLY"],
    threats=["T-INTEG-05"],
    weakness=["CWE-345"],
    role=Role.USER_AGENT,
    needs={Claim.AGENT_RETRIEVE},
    severity=Severity.CRITICAL,
    twin="WEB-951",
    control="agent_takes_other_objects",
    oracles=[refuses_answer()],
    budget_s=30,
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
    vary=[{"how": "another instance"}, {"how": "an instance of another study"}],
)
def gives_another_object(stage: Stage) -> None:
    """An object other than the one that was asked for is not taken for it.

    The user asked for one instance of one patient. Where the client reports success for whatever
    comes, a server, or whoever changes its answers, puts the picture of one patient in the place of
    another's.

    Remedy: Compare the UIDs in the object with those of the address before it is kept.
    """
    how = str(stage.case["how"])
    message = packed([Part(content=other_objects(stage)[how])])
    reply = Reply(pieces=[message.framed()], lie="SOP Instance UID")
    plays(stage, "retrieve", lambda _asked: reply, how)
