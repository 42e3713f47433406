"""PIX-01 and 02 by the web: rows, columns and frames that promise too much."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import peak_memory_below
from harness.oracles.web_pictures import shows_its_own_pixels
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.pictures import DIMENSIONS
from simulators.web.depositing import GIVES_BACK
from simulators.web.showing import shows_from


@scenario(
    id="PIX-321",
    verifies=["HOUSE/BOUNDED-MEMORY", "HOUSE/NO-FOREIGN-MEMORY", "HOUSE/STAYS-IN-SERVICE"],
    threats=["T-AVAIL-05", "T-CONF-05"],
    weakness=["CWE-190", "CWE-789", "CWE-125"],
    references=["CVE-2026-5443", "CVE-2026-5442"],
    role=Role.ACCEPTOR,
    needs=GIVES_BACK | {Claim.WEB_RENDERED},
    severity=Severity.HIGH,
    twin="WEB-908",
    control="allocates_by_dimensions",
    oracles=[shows_its_own_pixels(), peak_memory_below(128)],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
    alone=True,
    vary=[{"file": name} for name in DIMENSIONS.makers],
)
def renders_promised_dimensions(stage: Stage) -> None:
    """Rendering takes no memory for rows, columns and frames that are not there.

    A viewer in a browser asks for a rendered picture and gets a thumbnail for each study in its
    list. A server that makes room by what the picture says of itself, before it looks for the
    pixels, is emptied of memory by whoever may store one object.

    Remedy: Compare the product of the dimensions, in 64 bits, with the pixels that are there
    before making room.
    """
    shows_from(stage, DIMENSIONS)
