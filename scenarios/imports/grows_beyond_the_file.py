"""PAR-01, 09 and 10 by import: lengths beyond the file, in it and before it, and bombs."""

from harness.model import Role, Safety, Severity
from harness.oracles import peak_memory_below
from harness.oracles.web_keeping import keeps_or_refuses
from harness.registry import scenario
from harness.stage import Stage
from scenarios.imports.steps import every_file_of, imports
from simulators.corpus.meta import FAULTS
from simulators.corpus.structure import BOMB, DEFLATE, HUGE
from simulators.web.ways_in import IMPORTS

_SHELVES = {shelf.name: shelf for shelf in (FAULTS, HUGE, BOMB, DEFLATE)}


@scenario(
    id="PAR-352",
    verifies=[
        "HOUSE/BOUNDED-INFLATE",
        "HOUSE/BOUNDED-MEMORY",
        "PS3.10/7.1",
        "HOUSE/STAYS-IN-SERVICE",
    ],
    threats=["T-AVAIL-03", "T-AVAIL-05"],
    weakness=["CWE-409", "CWE-789"],
    references=["pydicom-deflate"],
    role=Role.ACCEPTOR,
    needs=IMPORTS,
    severity=Severity.HIGH,
    twin="WEB-911",
    control="inflates_without_limit",
    oracles=[keeps_or_refuses(malformed=False), peak_memory_below(192)],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
    alone=True,
    vary=every_file_of(*_SHELVES.values()),
)
def grows_beyond_the_file(stage: Stage) -> None:
    """An imported file costs no memory beyond its octets, whatever it says or inflates to.

    A limit on the size of uploads counts what comes, not what is made of it. The file behind it
    says gigabytes, in its meta information or its data set, or holds them deflated.

    Remedy: Compare each length with what is left, and count while inflating.
    """
    shelf = _SHELVES[str(stage.case["shelf"])]
    imports(stage, shelf, like="deflated" if shelf in (BOMB, DEFLATE) else "")
