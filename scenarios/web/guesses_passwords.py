"""WEB-22: twenty wrong passwords."""

from harness.model import Claim, Role, Severity
from harness.oracles.web_bounds import slows_down_guesses
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import FINDS, require_web
from simulators.web.passwords import guess, require_password, wait_until_open
from simulators.web.target import login_of

_GUESSES = 20


@scenario(
    id="WEB-022",
    verifies=["HOUSE/WEB-GUESSES"],
    threats=["T-IMPERS-01", "T-CONF-03"],
    weakness=["CWE-307"],
    references=["CVE-2023-40704"],
    role=Role.ACCEPTOR,
    needs=FINDS | {Claim.WEB_LOGIN},
    severity=Severity.MEDIUM,
    twin="WEB-907",
    control="web_guesses_unlimited",
    oracles=[slows_down_guesses()],
    budget_s=60,
    alone=True,
)
def guesses_passwords(stage: Stage) -> None:
    """Twenty wrong passwords in a row are not all judged at once.

    Without a brake a dictionary is tried in an hour, from one address, and no log that nobody reads
    will stop it. Twenty are what a person never types.

    Remedy: Delay, or answer 429, after a few wrong passwords of an account and of an address.
    """
    require_web(stage)
    require_password(stage)
    for number in range(_GUESSES):
        guess(stage, login_of(stage).user, number)
    wait_until_open(stage)
