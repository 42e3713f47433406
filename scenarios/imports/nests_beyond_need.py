"""PAR-02 by import: sequences in sequences."""

from harness.model import Role, Safety, Severity
from harness.oracles.web_keeping import keeps_or_refuses
from harness.registry import scenario
from harness.stage import Stage
from scenarios.imports.steps import every_file_of, imports
from simulators.corpus.structure import DEEP
from simulators.web.ways_in import IMPORTS


@scenario(
    id="PAR-351",
    verifies=["HOUSE/BOUNDED-DEPTH", "HOUSE/STAYS-IN-SERVICE", "PS3.5/7.5"],
    threats=["T-AVAIL-02", "T-AVAIL-05"],
    weakness=["CWE-674"],
    references=["DCMTK-1191", "pydicom-depth"],
    role=Role.ACCEPTOR,
    needs=IMPORTS,
    severity=Severity.HIGH,
    twin="WEB-911",
    control="recurses_without_limit",
    oracles=[keeps_or_refuses(malformed=False)],
    budget_s=40,
    safety=Safety.STORES_OBJECTS,
    vary=every_file_of(DEEP),
)
def nests_beyond_need(stage: Stage) -> None:
    """An imported file that nests thousands deep does not end the process that imports it.

    Whoever imports a disc hands over all that is on it, and one file that overflows a stack
    takes the archive down with the rest of the disc.

    Remedy: Read with a stack of your own, and refuse what is deeper than a limit that you
    publish.
    """
    imports(stage, DEEP, like="items")
