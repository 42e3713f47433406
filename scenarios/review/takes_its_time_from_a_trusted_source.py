"""REV-012: a clock that somebody else sets."""

from harness.model import Question, Severity
from harness.stage import Stage
from scenarios.review import inspection


@inspection(
    id="REV-012",
    verifies=["HOUSE/TRUSTED-TIME", "IEC62443-4-2/CR-2.11-RE1", "MDS2/AUDT-4.1.1"],
    threats=["T-INTEG-54", "T-AVAIL-62"],
    weakness=["CWE-345"],
    severity=Severity.MEDIUM,
    question=Question(
        ask=(
            "Does the device follow the time source that you chose, and does it say so when the "
            "source is gone or jumps?"
        ),
        look=(
            "Read the configuration; take the source away, and set it an hour ahead, on a test "
            "network."
        ),
        attach="The configuration, and the message about the lost or jumping source.",
        who="IT operations",
    ),
)
def takes_its_time_from_a_trusted_source(stage: Stage) -> None:
    """The clock of the device follows a chosen source, and a wrong or lost source is noticed.

    The clock decides which certificates are valid and in which order things happened. Whoever
    answers for the time server, or is believed instead of it, decides both.

    Remedy: Take time from chosen servers, authenticated where that is possible, and raise an alarm
    on jumps.
    """
    stage.ask()
