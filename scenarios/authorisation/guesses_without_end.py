"""AUT-05: fifty wrong AE titles from one host."""

from harness.model import Claim, Role, Severity
from harness.oracles import throttles_guesses
from harness.registry import scenario
from harness.stage import Stage
from simulators.guesses import guess, other_address

_GUESSES = 50
_ENOUGH = 10


@scenario(
    id="AUT-005B",
    verifies=["HOUSE/GUESS-LIMIT"],
    threats=["T-IMPERS-01"],
    weakness=["CWE-307"],
    role=Role.ACCEPTOR,
    needs={Claim.VERIFICATION_SCP, Claim.CHECKS_CALLING_AE, Claim.GUESS_LIMIT},
    severity=Severity.LOW,
    twin="ASC-900",
    control="never_throttles",
    oracles=[throttles_guesses()],
    budget_s=60,
)
def guesses_without_end(stage: Stage) -> None:
    """A host that has sent too many wrong AE titles is not told about further ones.

    A title is the only thing that many archives ask of a stranger, and guessing costs a millisecond
    each. A device that claims a limit slows the guesser down, or turns it away unheard. The guesses
    come from an address of their own, so that nobody else is locked out.

    Remedy: Count wrong titles by host, and answer beyond the limit without looking at the title.
    """
    source = other_address(stage)
    unheard = 0
    for number in range(_GUESSES):
        heard = guess(stage, source, calling=f"G{number:02d}{stage.token[:12]}")
        unheard += not heard.startswith("1/")
        if unheard == _ENOUGH:
            break
