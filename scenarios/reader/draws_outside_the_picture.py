"""PIX-08: overlays of a file that are larger than their bits, or lie elsewhere."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.reading import plants_nothing, survives_reading
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.pictures import OVERLAYS
from simulators.corpus.playing import lays


@scenario(
    id="PIX-208",
    verifies=["HOUSE/READER-IN-ORDER", "PS3.3/C.7.6.3"],
    threats=["T-AVAIL-05", "T-CONF-05"],
    weakness=["CWE-125", "CWE-787"],
    references=["CVE-2025-52582"],
    role=Role.READER,
    needs={Claim.READER},
    severity=Severity.MEDIUM,
    twin="PAR-920",
    control="read_crashes_on_descriptions",
    oracles=[survives_reading(), plants_nothing()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
    vary=[{"file": name} for name in OVERLAYS.makers],
)
def draws_outside_the_picture(stage: Stage) -> None:
    """An overlay that is larger than its bits, or outside the picture, ends no reader.

    An overlay has rows, columns and an origin of its own. What draws it by its dimensions reads
    behind its bits and writes beside the picture.

    Remedy: Clip each overlay to the picture, and to the bits that are there.
    """
    lays(stage, OVERLAYS)
