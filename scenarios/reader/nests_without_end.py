"""PAR-02: a file of sequences inside sequences."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.reading import plants_nothing, survives_reading
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.playing import lays
from simulators.corpus.structure import DEEP


@scenario(
    id="PAR-202",
    verifies=["HOUSE/BOUNDED-DEPTH", "HOUSE/READER-IN-ORDER", "PS3.5/7.5"],
    threats=["T-AVAIL-05", "T-INTEG-52"],
    weakness=["CWE-674"],
    references=["DCMTK-1191", "GDCM-nesting", "pydicom-depth"],
    role=Role.READER,
    needs={Claim.READER},
    severity=Severity.HIGH,
    twin="PAR-920",
    control="read_recurses_without_limit",
    oracles=[survives_reading(), plants_nothing()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
    vary=[{"file": name} for name in DEEP.makers],
)
def nests_without_end(stage: Stage) -> None:
    """A deeply nested file is read or refused, and overflows no stack.

    The standard states no largest depth, and most parsers follow sequences by recursion. A file
    of half a megabyte then ends every viewer, converter and indexer that opens it, and an
    import service that restarts opens it again.

    Remedy: Parse with a stack of your own, or refuse beyond a documented depth.
    """
    lays(stage, DEEP, like="items")
