"""MED-04: preambles of programs on exported media."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.exporting import neutralises_preambles, spares_the_others
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.exports import PREAMBLED
from simulators.corpus.playing_media import has_exported


@scenario(
    id="MED-007D",
    verifies=["HOUSE/EXPORT-PREAMBLE"],
    threats=["T-INTEG-52"],
    weakness=["CWE-434"],
    references=["CVE-2019-11687"],
    role=Role.READER,
    needs={Claim.EXPORTER, Claim.ZEROES_PREAMBLE},
    severity=Severity.HIGH,
    twin="MED-902",
    control="export_keeps_preambles",
    oracles=[neutralises_preambles(), spares_the_others()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
    vary=[{"file": name} for name in PREAMBLED.makers],
)
def exports_programs(stage: Stage) -> None:
    """No file of an exported medium begins as a program.

    The first 128 octets of a file belong to nobody, and make an image a program or a page that
    starts with a double click. An exporter hands them on to the next house with its own name on
    the disc.

    Remedy: Write zeros before the prefix, unless the file is a TIFF file as well.
    """
    has_exported(stage, PREAMBLED)
