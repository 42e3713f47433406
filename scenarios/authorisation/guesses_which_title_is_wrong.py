"""AUT-05: wrong AE titles, one at a time."""

from harness.model import Claim, Role, Severity
from harness.oracles import refuses_alike
from harness.registry import scenario
from harness.stage import Stage
from simulators.guesses import guess, other_address
from simulators.uninvited import stranger


@scenario(
    id="AUT-005",
    verifies=["HOUSE/CONCEALED-TITLES", "PS3.8/9.3.4"],
    threats=["T-IMPERS-01"],
    weakness=["CWE-203", "CWE-204"],
    role=Role.ACCEPTOR,
    needs={
        Claim.VERIFICATION_SCP,
        Claim.CHECKS_CALLING_AE,
        Claim.CHECKS_CALLED_AE,
        Claim.CONCEALS_TITLES,
    },
    severity=Severity.LOW,
    twin="ASC-900",
    control="tells_which_title",
    oracles=[refuses_alike()],
)
def guesses_which_title_is_wrong(stage: Stage) -> None:
    """A refusal does not tell which of the two AE titles was wrong.

    AE titles are short and follow patterns. Where the reason of a refusal names the wrong one, each
    can be guessed by itself, and two searches of a thousand take the place of one of a million. The
    standard has a reason that gives none.

    Remedy: Answer every wrong title by reason 1 (no reason given), and write the true one to a log.
    """
    source, nobody = other_address(stage), stranger(stage)
    guess(stage, source, calling=nobody)
    guess(stage, source, called=nobody)
    guess(stage, source, calling=nobody, called=nobody)
