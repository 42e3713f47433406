"""TXT, turned round: texts of an answer that command a terminal."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.agents import prints_no_commands, survives_answer
from harness.registry import scenario
from harness.stage import Stage
from simulators.origin.asking import plays
from simulators.origin.bodies import with_escapes


@scenario(
    id="WEB-122",
    verifies=["HOUSE/AGENT-INSIDE"],
    threats=["T-INTEG-05"],
    weakness=["CWE-150"],
    role=Role.USER_AGENT,
    needs={Claim.AGENT_SEARCH},
    severity=Severity.MEDIUM,
    twin="WEB-950",
    control="agent_prints_controls",
    oracles=[prints_no_commands(), survives_answer()],
    budget_s=30,
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
)
def commands_a_terminal(stage: Stage) -> None:
    """What a client prints of an answer holds no character that commands the terminal.

    A name with escape sequences clears the screen, rewrites what stands on it, or sets the title of
    the window, so that who reads a list of patients or a log reads something else.

    Remedy: Replace whatever is not printable before it reaches a terminal or a log.
    """
    plays(stage, "search", lambda _asked: with_escapes(stage), "texts that command a terminal")
