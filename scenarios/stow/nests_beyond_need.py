"""PAR-02 by STOW-RS: sequences in sequences."""

from harness.model import Role, Safety, Severity
from harness.oracles.web_keeping import keeps_or_refuses
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.structure import DEEP
from simulators.web.depositing import GIVES_BACK, leaves_from


@scenario(
    id="PAR-302",
    verifies=["HOUSE/BOUNDED-DEPTH", "HOUSE/STAYS-IN-SERVICE", "PS3.5/7.5"],
    threats=["T-AVAIL-02", "T-AVAIL-05"],
    weakness=["CWE-674"],
    references=["DCMTK-1191", "pydicom-depth"],
    role=Role.ACCEPTOR,
    needs=GIVES_BACK,
    severity=Severity.HIGH,
    twin="WEB-901",
    control="recurses_without_limit",
    oracles=[keeps_or_refuses(malformed=False)],
    budget_s=40,
    safety=Safety.STORES_OBJECTS,
    vary=[{"file": name} for name in DEEP.makers],
)
def nests_beyond_need(stage: Stage) -> None:
    """A posted file that nests thousands deep ends no process of the web server.

    Whoever descends by recursion has a stack that a stranger fills. A web server often parses
    in a worker that is started anew when it dies, so that nobody notices whom else it was
    serving.

    Remedy: Read with a stack of your own, and refuse what is deeper than a limit that you
    publish.
    """
    leaves_from(stage, DEEP, like="items")
