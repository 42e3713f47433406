"""PIX-04 by the web: RLE headers that lie."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.web_pictures import shows_its_own_pixels
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.pictures import RLE_HEADERS
from simulators.web.depositing import GIVES_BACK
from simulators.web.showing import shows_from


@scenario(
    id="PIX-327",
    verifies=["HOUSE/NO-FOREIGN-MEMORY", "HOUSE/STAYS-IN-SERVICE", "PS3.5/G"],
    threats=["T-AVAIL-05", "T-CONF-05"],
    weakness=["CWE-125"],
    references=["CVE-2019-1010228", "CVE-2025-25475"],
    role=Role.ACCEPTOR,
    needs=GIVES_BACK | {Claim.WEB_RENDERED},
    severity=Severity.HIGH,
    twin="WEB-908",
    control="trusts_rle_offsets",
    oracles=[shows_its_own_pixels()],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
    vary=[{"file": name} for name in RLE_HEADERS.makers],
)
def renders_lying_rle(stage: Stage) -> None:
    """An RLE header that lies shows no foreign memory when it is rendered or converted.

    Offsets of segments point into the frame, if they are honest. A decoder that goes where they
    point reads the server's memory into a picture.

    Remedy: Check number, order and range of segments, and that each gives as many octets as it
    has to.
    """
    shows_from(stage, RLE_HEADERS, known=None, like="rle")
