"""REV-004: a passer-by with a screwdriver or a stick."""

from harness.model import Question, Severity
from harness.stage import Stage
from scenarios.review import inspection


@inspection(
    id="REV-004",
    verifies=[
        "HOUSE/PHYSICAL-PORTS",
        "IEC62443-4-2/CR-2.13",
        "IEC62443-4-2/CR-3.11",
        "MDS2/PLOK-2",
    ],
    threats=["T-CONF-41", "T-INTEG-52"],
    weakness=["CWE-1263"],
    severity=Severity.MEDIUM,
    question=Question(
        ask="Are disks behind a lock or encrypted, and are unused ports closed or disabled?",
        look=(
            "Go round the device: case, disks, USB, serial and network ports. Plug a keyboard "
            "and a stick into each open port."
        ),
        attach="Photos of the case and of the ports.",
        who="clinical engineering",
    ),
)
def locks_its_ports_and_case(stage: Stage) -> None:
    """Disks and unused ports of the device cannot be reached by a passer-by.

    A disk that comes out by hand leaves with its patients. A port that starts whatever is plugged
    in takes less than a minute of being alone with the device. Locks, tamper-evident seals, closed
    or disabled ports keep both out.

    Remedy: Lock or seal the case, encrypt the disks, and disable ports and starting from media that
    nobody needs.
    """
    stage.ask()
