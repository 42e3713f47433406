"""TXT-11: directives of format strings, markup and formulas in texts of a file."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.reading import plants_nothing, refuses_or_reads_within
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.playing import lays
from simulators.corpus.words import FORMATS


@scenario(
    id="TXT-211",
    verifies=["HOUSE/TEXT-IS-NO-FORMAT", "HOUSE/READER-IN-ORDER"],
    threats=["T-AVAIL-05"],
    weakness=["CWE-134"],
    references=["CVE-2024-23914"],
    role=Role.READER,
    needs={Claim.READER},
    severity=Severity.HIGH,
    twin="PAR-920",
    control="read_formats_texts",
    oracles=[refuses_or_reads_within(10.0, 64 << 20), plants_nothing()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
    vary=[{"file": name} for name in FORMATS.makers],
)
def speaks_in_directives(stage: Stage) -> None:
    """Directives in the texts of a file are plain text to the reader.

    Where a text becomes the format of an output function, percent signs read the stack and
    write to memory; where it becomes a template, braces name objects of the program. A name is
    enough for it.

    Remedy: Pass texts as arguments, never as the format.
    """
    lays(stage, FORMATS)
