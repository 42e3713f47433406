"""STO-01: UIDs, names and descriptions of a file that are paths."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.reading import plants_nothing, survives_reading
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.playing import lays
from simulators.corpus.words import PATHS


@scenario(
    id="STO-201",
    verifies=["HOUSE/READER-WRITES-INSIDE", "HOUSE/FILES-INSIDE", "PS3.5/9.1"],
    threats=["T-INTEG-52", "T-INTEG-02"],
    weakness=["CWE-22", "CWE-78"],
    references=["CVE-2022-2119", "DCMTK-4527dff56"],
    role=Role.READER,
    needs={Claim.READER},
    severity=Severity.CRITICAL,
    twin="PAR-920",
    control="read_names_files_after_uids",
    oracles=[plants_nothing(), survives_reading()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
    vary=[{"file": name} for name in PATHS.makers],
)
def names_files_by_paths(stage: Stage) -> None:
    """Whatever a reader makes of a file, it writes where the user said.

    Converters and importers name what they write after the patient, the study or the protocol.
    Where those words act as a path, a disc that a patient brings decides which file of the
    workstation is replaced; where they reach a shell, it decides what is run.

    Remedy: Make names of hashes or of a short list of permitted characters, and check the whole
    path before it is opened.
    """
    lays(stage, PATHS)
