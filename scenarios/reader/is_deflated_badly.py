"""PAR-09: deflated streams that are damaged."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.reading import plants_nothing, refuses_or_reads_within
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.playing import lays
from simulators.corpus.structure import DEFLATE


@scenario(
    id="PAR-209B",
    verifies=["HOUSE/READER-IN-ORDER", "HOUSE/READER-BOUNDED", "PS3.5/A.5"],
    threats=["T-AVAIL-05"],
    weakness=["CWE-252", "CWE-835"],
    references=[],
    role=Role.READER,
    needs={Claim.READER},
    severity=Severity.MEDIUM,
    twin="PAR-920",
    control="read_crashes_on_broken_deflate",
    oracles=[refuses_or_reads_within(10.0, 64 << 20), plants_nothing()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
    vary=[{"file": name} for name in DEFLATE.makers],
)
def is_deflated_badly(stage: Stage) -> None:
    """A damaged deflated stream is refused in order, or read as far as it goes.

    Inflating is the work of a library whose errors the reader must ask for. One that does not
    ask goes on with a buffer that was never filled, or asks for ever for more of a stream that
    has ended.

    Remedy: Look at what the library answers after each piece, and stop at the first error or at
    the end.
    """
    lays(stage, DEFLATE, like="deflated")
