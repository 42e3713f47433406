"""PIX-03 by the web: bits that contradict one another."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.web_pictures import shows_its_own_pixels
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.pictures import DEPTH
from simulators.web.depositing import GIVES_BACK
from simulators.web.showing import shows_from


@scenario(
    id="PIX-322",
    verifies=["HOUSE/NO-FOREIGN-MEMORY", "HOUSE/STAYS-IN-SERVICE", "PS3.3/C.7.6.3"],
    threats=["T-AVAIL-05", "T-CONF-05"],
    weakness=["CWE-125", "CWE-119"],
    references=["CVE-2024-52333", "CVE-2025-25474"],
    role=Role.ACCEPTOR,
    needs=GIVES_BACK | {Claim.WEB_RENDERED},
    severity=Severity.HIGH,
    twin="WEB-908",
    control="trusts_bit_depth",
    oracles=[shows_its_own_pixels()],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
    vary=[{"file": name} for name in DEPTH.makers],
)
def renders_contradicting_depths(stage: Stage) -> None:
    """Bits allocated, stored and high bit that contradict one another show no foreign memory.

    One of the three numbers makes the buffer, the next fills it. What is missing comes from
    whatever lies behind, and a picture in a browser is a comfortable way to read it.

    Remedy: Accept 8 and 16 bits allocated with High Bit = Bits Stored - 1, and refuse to render
    the rest.
    """
    shows_from(stage, DEPTH)
