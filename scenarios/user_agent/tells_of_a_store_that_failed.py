"""STOW: the object was not stored, and the answer says so."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.agents import refuses_answer
from harness.registry import scenario
from harness.stage import Stage
from simulators.origin.asking import plays
from simulators.origin.bodies import failing_stores
from simulators.origin.exchange import Reply


@scenario(
    id="WEB-120",
    verifies=["HOUSE/AGENT-TRUE-SUCCESS"],
    threats=["T-INTEG-05"],
    weakness=["CWE-253"],
    role=Role.USER_AGENT,
    needs={Claim.AGENT_STORE},
    severity=Severity.CRITICAL,
    twin="WEB-952",
    control="agent_trusts_store_status",
    oracles=[refuses_answer()],
    budget_s=30,
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
    vary=[
        {"how": "409 and a failure"},
        {"how": "202 and a failure"},
        {"how": "200 and a failure"},
        {"how": "200 and another object"},
    ],
)
def tells_of_a_store_that_failed(stage: Stage) -> None:
    """A store request is a success only where the answer says that this object was stored.

    An answer lists what was stored and what failed, and 202 says that some of it failed (PS3.18
    10.5.3). A client that looks at the first digit tells its user that the study is in the archive,
    and the only copy is deleted.

    Remedy: Look for the object among the stored ones, and for any among the failed ones.
    """
    how = str(stage.case["how"])
    reply = Reply(pieces=[failing_stores(stage)[how].framed()], lie="store response")
    plays(stage, "store", lambda _asked: reply, how)
