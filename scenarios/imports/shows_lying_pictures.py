"""PIX-03 to 09 by import: pictures that contradict themselves."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.web_pictures import shows_its_own_pixels
from harness.registry import scenario
from harness.stage import Stage
from scenarios.imports.steps import every_file_of
from simulators.corpus.pictures import DEPTH, ENCAPSULATION, KINDS, OVERLAYS, PALETTE, RLE_HEADERS
from simulators.web.showing import shows_from
from simulators.web.ways_in import BY_IMPORT, IMPORTS

_CODED = (RLE_HEADERS, ENCAPSULATION)
_SHELVES = {shelf.name: shelf for shelf in (DEPTH, KINDS, PALETTE, OVERLAYS, *_CODED)}


@scenario(
    id="PIX-350",
    verifies=["HOUSE/NO-FOREIGN-MEMORY", "HOUSE/STAYS-IN-SERVICE", "PS3.3/C.7.6.3"],
    threats=["T-AVAIL-05", "T-CONF-05"],
    weakness=["CWE-125", "CWE-787"],
    role=Role.ACCEPTOR,
    needs=IMPORTS | {Claim.WEB_RENDERED},
    severity=Severity.HIGH,
    twin="WEB-916",
    control="trusts_rle_offsets",
    oracles=[shows_its_own_pixels()],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
    vary=every_file_of(*_SHELVES.values()),
)
def shows_lying_pictures(stage: Stage) -> None:
    """An imported picture that contradicts itself shows no foreign memory.

    What was imported is rendered by the same server as what was sent, often at once, to make
    the thumbnails of the disc. Depths, palettes and offsets that lie are followed there.

    Remedy: Check every number of a picture against its octets, and refuse to render the rest.
    """
    shelf = _SHELVES[str(stage.case["shelf"])]
    coded = shelf in _CODED
    shows_from(
        stage, shelf, known=None if coded else (0, 1), like="rle" if coded else "", way=BY_IMPORT
    )
