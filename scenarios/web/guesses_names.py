"""WEB-22: a known and an unknown user."""

from harness.model import Claim, Role, Severity
from harness.oracles.web import answers_alike
from harness.oracles.web_bounds import takes_as_long
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import FINDS, require_web
from simulators.web.passwords import guess, require_password, unknown_user, wait_until_open
from simulators.web.target import login_of

_ROUNDS = 3


@scenario(
    id="WEB-022B",
    verifies=["HOUSE/WEB-USERS-ALIKE"],
    threats=["T-CONF-03"],
    weakness=["CWE-203"],
    role=Role.ACCEPTOR,
    needs=FINDS | {Claim.WEB_LOGIN},
    severity=Severity.LOW,
    twin="WEB-907",
    control="web_login_tells_users",
    oracles=[answers_alike(), takes_as_long()],
    budget_s=60,
)
def guesses_names(stage: Stage) -> None:
    """A wrong password is refused alike for a user who exists and for one who does not.

    Whoever learns which names exist guesses passwords for those only, and writes his letters to
    them.

    Remedy: Answer both with the same code and text, and hash a password for unknown names, too.
    """
    require_web(stage)
    require_password(stage)
    for number in range(_ROUNDS):
        for user in (login_of(stage).user, unknown_user(stage)):
            guess(stage, user, number)
    wait_until_open(stage)
