"""PIX-10: slopes and windows of a file that no table can hold."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.reading import plants_nothing, refuses_or_reads_within
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.pictures import RESCALING
from simulators.corpus.playing import lays


@scenario(
    id="PIX-210",
    verifies=["HOUSE/READER-BOUNDED", "HOUSE/READER-IN-ORDER"],
    threats=["T-AVAIL-05"],
    weakness=["CWE-770", "CWE-369"],
    references=["dcm4che-1499"],
    role=Role.READER,
    needs={Claim.READER},
    severity=Severity.MEDIUM,
    twin="PAR-920",
    control="read_crashes_on_scales",
    oracles=[refuses_or_reads_within(10.0, 64 << 20), plants_nothing()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
    vary=[{"file": name} for name in RESCALING.makers],
)
def rescales_without_bound(stage: Stage) -> None:
    """A slope or window of nought, of no number or of an extreme size costs the reader no memory.

    Display turns slope and window into a table with an entry for each value in between. A tiny
    slope makes it huge, nought divides by itself, and text that is no number becomes an index.

    Remedy: Refuse a slope or width that is not a finite number of sensible size.
    """
    lays(stage, RESCALING)
