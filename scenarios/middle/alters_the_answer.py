"""One bit of a C-STORE response is flipped on the line."""

from harness.model import Role, Severity
from harness.registry import scenario
from harness.stage import Stage
from scenarios.middle.lines import PAIR, REQUESTOR_FAILS, SERVES_OTHERS, alter
from simulators.relay import Relay, flip_in_the_answer


@scenario(
    id="MIM-003B",
    verifies=["HOUSE/WHOLE-OR-NOTHING", "HOUSE/CLIENT-TELLS-FAILURE", "RFC8446/5.2/MAC"],
    threats=["T-INTEG-05"],
    weakness=["CWE-353", "CWE-354"],
    role=Role.REQUESTOR,
    needs=PAIR,
    severity=Severity.CRITICAL,
    twin="MIM-900",
    control="scu_ignores_broken_records",
    oracles=[REQUESTOR_FAILS, SERVES_OTHERS],
    budget_s=60,
)
def alters_the_answer(stage: Stage) -> None:
    """A requestor reports failure when one bit of the answer to its image was changed.

    A modality deletes its images once the archive has confirmed them. Whoever sits on the line
    must not be able to turn any answer into a confirmation, nor to leave the modality waiting.
    The acceptor was served the whole image and has done nothing wrong: it may keep it.

    Remedy: Treat an error of the TLS library as the loss of the association, and report it.
    """
    alter(stage, Relay(stage, deviation=flip_in_the_answer()))
