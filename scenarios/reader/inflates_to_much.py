"""PAR-09: a deflated file that is a thousand times larger than it looks."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.reading import plants_nothing, refuses_or_reads_within
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.playing import lays
from simulators.corpus.structure import BOMB


@scenario(
    id="PAR-209",
    verifies=["HOUSE/BOUNDED-INFLATE", "HOUSE/READER-BOUNDED", "PS3.5/A.5"],
    threats=["T-AVAIL-05", "T-INTEG-52"],
    weakness=["CWE-409"],
    references=["pydicom-deflate"],
    role=Role.READER,
    needs={Claim.READER},
    severity=Severity.HIGH,
    twin="PAR-920",
    control="read_inflates_without_limit",
    oracles=[refuses_or_reads_within(20.0, 192 << 20), plants_nothing()],
    budget_s=60,
    safety=Safety.NON_DESTRUCTIVE,
    alone=True,
    bystander=False,
    vary=[{"file": name} for name in BOMB.makers],
)
def inflates_to_much(stage: Stage) -> None:
    """A deflated file does not grow without bound in the reader.

    A quarter of a megabyte becomes 256 MiB in a reader that inflates what it gets, and a folder
    of such files takes the memory of whatever indexes it. A good reader inflates piece by piece
    up to a ceiling.

    Remedy: Set a ceiling for inflated data, and count while inflating instead of afterwards.
    """
    lays(stage, BOMB, like="deflated")
