"""PIX-01, 02, 06 and 10 by import: pictures larger than what they are made of."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import peak_memory_below
from harness.oracles.web_pictures import shows_its_own_pixels
from harness.registry import scenario
from harness.stage import Stage
from scenarios.imports.steps import every_file_of
from simulators.corpus.pictures import CODED, DIMENSIONS, RESCALING
from simulators.web.showing import shows_from
from simulators.web.ways_in import BY_IMPORT, IMPORTS

_SHELVES = {shelf.name: shelf for shelf in (DIMENSIONS, RESCALING, CODED)}


@scenario(
    id="PIX-351",
    verifies=["HOUSE/BOUNDED-MEMORY", "HOUSE/BOUNDED-TIME", "HOUSE/STAYS-IN-SERVICE"],
    threats=["T-AVAIL-05", "T-CONF-05"],
    weakness=["CWE-789", "CWE-835"],
    role=Role.ACCEPTOR,
    needs=IMPORTS | {Claim.WEB_RENDERED},
    severity=Severity.HIGH,
    twin="WEB-916",
    control="allocates_by_dimensions",
    oracles=[shows_its_own_pixels(), peak_memory_below(128)],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
    alone=True,
    vary=every_file_of(*_SHELVES.values()),
)
def shows_endless_pictures(stage: Stage) -> None:
    """An imported picture costs memory and time for its octets, not for what it says of itself.

    A file of some hundred octets is a picture of four gigapixels, a table without end, a stream
    that never goes on. Whoever renders what was imported pays for it.

    Remedy: Compare promised dimensions with the octets, and decode within limits.
    """
    shelf = _SHELVES[str(stage.case["shelf"])]
    coded = shelf is CODED
    shows_from(
        stage, shelf, known=None if coded else (0, 1), like="jpeg" if coded else "", way=BY_IMPORT
    )
