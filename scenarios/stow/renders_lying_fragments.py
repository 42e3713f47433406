"""PIX-05 by the web: offset tables and fragments that lie."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.web_pictures import shows_its_own_pixels
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.pictures import ENCAPSULATION
from simulators.web.depositing import GIVES_BACK
from simulators.web.showing import shows_from


@scenario(
    id="PIX-328",
    verifies=["HOUSE/NO-FOREIGN-MEMORY", "HOUSE/STAYS-IN-SERVICE", "PS3.5/A.4"],
    threats=["T-AVAIL-05", "T-CONF-05"],
    weakness=["CWE-125", "CWE-787"],
    references=["CVE-2025-11266"],
    role=Role.ACCEPTOR,
    needs=GIVES_BACK | {Claim.WEB_RENDERED},
    severity=Severity.HIGH,
    twin="WEB-908",
    control="trusts_offset_table",
    oracles=[shows_its_own_pixels()],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
    vary=[{"file": name} for name in ENCAPSULATION.makers],
)
def renders_lying_fragments(stage: Stage) -> None:
    """An offset table that contradicts its fragments shows no foreign memory.

    /frames/1 is answered by the offset table, if there is one. A server that follows it without
    looking leaves the picture.

    Remedy: Check each offset against the fragments, or count them instead.
    """
    shows_from(stage, ENCAPSULATION, known=None, like="rle")
