"""PIX-07: palettes of a file that lie."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.reading import plants_nothing, survives_reading
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.pictures import PALETTE
from simulators.corpus.playing import lays


@scenario(
    id="PIX-207",
    verifies=["HOUSE/READER-IN-ORDER", "PS3.3/C.7.6.3"],
    threats=["T-AVAIL-05", "T-CONF-05"],
    weakness=["CWE-125", "CWE-129"],
    references=["CVE-2026-5445", "CVE-2024-28130", "CVE-2024-22391"],
    role=Role.READER,
    needs={Claim.READER},
    severity=Severity.HIGH,
    twin="PAR-920",
    control="read_crashes_on_descriptions",
    oracles=[survives_reading(), plants_nothing()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
    vary=[{"file": name} for name in PALETTE.makers],
)
def misdescribes_its_palette(stage: Stage) -> None:
    """A palette that is shorter than it says, or begins elsewhere, ends no reader.

    A descriptor says how many entries there are, where they begin and how wide they are, with a
    sign if it likes. Who looks samples up by it reads before or behind the table, and shows
    what lies there as colours.

    Remedy: Check the descriptor against the entries, and clamp every index at both ends.
    """
    lays(stage, PALETTE)
