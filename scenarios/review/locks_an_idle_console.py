"""REV-013: an open session and nobody before it."""

from harness.model import Question, Severity
from harness.stage import Stage
from scenarios.review import inspection


@inspection(
    id="REV-013",
    verifies=["HOUSE/CONSOLE-LOCK", "IEC62443-4-2/CR-2.5", "MDS2/ALOF-1", "MDS2/ALOF-2"],
    threats=["T-IMPERS-45"],
    weakness=["CWE-613"],
    severity=Severity.MEDIUM,
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
