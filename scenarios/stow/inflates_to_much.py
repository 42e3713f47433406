"""PAR-09 by STOW-RS: deflated files that are bombs, or broken."""

from harness.model import Role, Safety, Severity
from harness.oracles import peak_memory_below
from harness.oracles.web_keeping import keeps_or_refuses
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.structure import BOMB, DEFLATE
from simulators.web.depositing import GIVES_BACK, leaves_from

_SHELVES = {name: shelf for shelf in (BOMB, DEFLATE) for name in shelf.makers}


@scenario(
    id="PAR-309",
    verifies=[
        "HOUSE/BOUNDED-INFLATE",
        "HOUSE/BOUNDED-MEMORY",
        "HOUSE/STAYS-IN-SERVICE",
        "PS3.5/A.5",
    ],
    threats=["T-AVAIL-03", "T-AVAIL-05"],
    weakness=["CWE-409"],
    references=["pydicom-deflate"],
    role=Role.ACCEPTOR,
    needs=GIVES_BACK,
    severity=Severity.HIGH,
    twin="WEB-901",
    control="inflates_without_limit",
    oracles=[keeps_or_refuses(malformed=False), peak_memory_below(192)],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
    alone=True,
    vary=[{"file": name} for name in _SHELVES],
)
def inflates_to_much(stage: Stage) -> None:
    """A deflated file that is posted does not grow without bound in the web server.

    Limits on requests count what comes over the network. A quarter of a megabyte in the
    deflated transfer syntax is 256 MiB to whoever inflates it at once to look for its UIDs.

    Remedy: Count while inflating, and refuse at a ceiling.
    """
    leaves_from(stage, _SHELVES[str(stage.case["file"])], like="deflated")
