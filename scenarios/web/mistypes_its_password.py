"""WEB-907: one mistake, and then the right password."""

from harness.model import Claim, Role, Severity
from harness.oracles.web_bounds import lets_in_after_a_mistake
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import FINDS, require_web
from simulators.web.passwords import guess, require_password, wait_until_open
from simulators.web.target import login_of


@scenario(
    id="WEB-907",
    verifies=["HOUSE/HONEST-SERVICE"],
    threats=["T-AVAIL-42"],
    weakness=["CWE-645"],
    role=Role.ACCEPTOR,
    needs=FINDS | {Claim.WEB_LOGIN},
    severity=Severity.MEDIUM,
    twin=None,
    control="web_locks_out_at_once",
    oracles=[lets_in_after_a_mistake()],
    budget_s=60,
)
def mistypes_its_password(stage: Stage) -> None:
    """After one wrong password the right one opens.

    A device that locks an account at the first mistake also refuses every guess, and can be locked
    for everybody by anybody.

    Remedy: Slow guessing down, and more with each mistake, instead of locking accounts.
    """
    require_web(stage)
    require_password(stage)
    guess(stage, login_of(stage).user, 1)
    wait_until_open(stage)
