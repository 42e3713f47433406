"""TXT-01: texts of a file that command a terminal."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.reading import prints_no_control_bytes, survives_reading
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.playing import lays
from simulators.corpus.words import CONTROLS


@scenario(
    id="TXT-201",
    verifies=["HOUSE/READER-PLAIN-OUTPUT", "HOUSE/READER-IN-ORDER"],
    threats=["T-INTEG-52", "T-INTEG-06"],
    weakness=["CWE-150"],
    references=[],
    role=Role.READER,
    needs={Claim.READER},
    severity=Severity.MEDIUM,
    twin="PAR-920",
    control="read_echoes_controls",
    oracles=[prints_no_control_bytes(), survives_reading()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
    vary=[{"file": name} for name in CONTROLS.makers],
)
def commands_the_terminal(stage: Stage) -> None:
    """What a reader prints of a file commands no terminal.

    Dump tools are run by hand on files that somebody sent. Escape sequences in a patient's name
    change the title of the window, hide lines, or put words into the clipboard of a terminal
    that obeys; a few terminals let them run commands.

    Remedy: Print control characters escaped, in every mode and whatever the character set.
    """
    lays(stage, CONTROLS)
