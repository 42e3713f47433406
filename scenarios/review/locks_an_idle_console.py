"""REV-013: an open session and nobody before it."""

from harness.model import Claim, Question, Role, Severity
from harness.oracles.reviews import attested
from harness.registry import scenario
from harness.stage import Stage


@scenario(
    id="REV-013",
    verifies=["HOUSE/CONSOLE-LOCK", "IEC62443-4-2/CR-2.5", "MDS2/ALOF-1", "MDS2/ALOF-2"],
    threats=["T-IMPERS-45"],
    weakness=["CWE-613"],
    role=Role.DEVICE,
    needs={Claim.REVIEWS},
    severity=Severity.MEDIUM,
    twin=None,
    control="fails_inspection",
    oracles=[attested()],
    budget_s=1.0,
    bystander=False,
    question=Question(
        ask=(
            "Does an idle console lock itself after the time that you set, and is an "
            "examination under way kept?"
        ),
        look=(
            "Begin an examination on a phantom, wait for the lock, unlock as another user and "
            "as the same one."
        ),
        attach="A photo of the locked console, and of the time that is set.",
        who="clinical engineering",
    ),
)
def locks_an_idle_console(stage: Stage) -> None:
    """An idle console locks itself in a time that can be set, without loss of an examination.

    A passer-by at an open console is whoever logged in last. A lock that loses the examination
    under way is switched off by its users within a week, so both matter.

    Remedy: Lock the screen after a time that can be set, go on acquiring behind it, and unlock by
    card or PIN.
    """
    stage.ask()
