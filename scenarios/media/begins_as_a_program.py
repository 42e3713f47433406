"""MED-04: a preamble that makes a file a program at the same time."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.reading import plants_nothing, survives_reading
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.meta import PREAMBLES
from simulators.corpus.playing import lays


@scenario(
    id="MED-004",
    verifies=["HOUSE/READER-IN-ORDER", "HOUSE/READER-WRITES-INSIDE", "PS3.10/7.1"],
    threats=["T-INTEG-52"],
    weakness=["CWE-434"],
    references=["CVE-2019-11687"],
    role=Role.READER,
    needs={Claim.READER},
    severity=Severity.HIGH,
    twin="PAR-920",
    control="read_crashes_on_preambles",
    oracles=[survives_reading(), plants_nothing()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
    vary=[{"file": name} for name in PREAMBLES.makers],
)
def begins_as_a_program(stage: Stage) -> None:
    """A file whose preamble is that of a program is read or refused, and nothing in it is run.

    The first 128 octets belong to nobody, so that a DICOM file can be a program, a script or a
    page as well, and pass every check of both kinds. Whoever opens it by its content instead of
    its purpose runs it; what a converter writes may keep the preamble.

    Remedy: Never start what was imported; look at the preamble, and write your own into what
    you write.
    """
    lays(stage, PREAMBLES)
