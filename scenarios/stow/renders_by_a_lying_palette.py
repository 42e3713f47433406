"""PIX-07 by the web: palettes that lie."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.web_pictures import shows_its_own_pixels
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.pictures import PALETTE
from simulators.web.depositing import GIVES_BACK
from simulators.web.showing import shows_from


@scenario(
    id="PIX-324",
    verifies=["HOUSE/NO-FOREIGN-MEMORY", "HOUSE/STAYS-IN-SERVICE"],
    threats=["T-AVAIL-05", "T-CONF-05"],
    weakness=["CWE-125"],
    references=["CVE-2026-5445", "CVE-2024-28130"],
    role=Role.ACCEPTOR,
    needs=GIVES_BACK | {Claim.WEB_RENDERED},
    severity=Severity.HIGH,
    twin="WEB-908",
    control="reads_beyond_palette",
    oracles=[shows_its_own_pixels()],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
    vary=[{"file": name} for name in PALETTE.makers],
)
def renders_by_a_lying_palette(stage: Stage) -> None:
    """A palette that is shorter than it says shows no foreign memory.

    Rendering looks every sample up. Where the descriptor promises more entries than there are,
    what lies behind them becomes colours, picture by picture.

    Remedy: Check the descriptor against its table, and clamp every index.
    """
    shows_from(stage, PALETTE)
