"""PAR-04: items and sequences of a file that are not as long as they say."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.reading import plants_nothing, refuses_or_reads_within
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.playing import lays
from simulators.corpus.structure import ITEMS


@scenario(
    id="PAR-204",
    verifies=["HOUSE/READER-IN-ORDER", "HOUSE/READER-BOUNDED", "PS3.5/7.5"],
    threats=["T-AVAIL-05"],
    weakness=["CWE-130", "CWE-191"],
    references=["pydicom-encaps-swallow"],
    role=Role.READER,
    needs={Claim.READER},
    severity=Severity.HIGH,
    twin="PAR-920",
    control="read_trusts_item_length",
    oracles=[refuses_or_reads_within(10.0, 64 << 20), plants_nothing()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
    vary=[{"file": name} for name in ITEMS.makers],
)
def lies_about_items(stage: Stage) -> None:
    """An item or a sequence of untrue length does not lead the reader out of its bounds.

    Lengths of items and of what contains them say the same thing twice. A parser that believes
    the inner one leaves the outer, and goes on in the middle of a value; one that counts down
    to zero passes it and goes on counting.

    Remedy: Keep the end of each container, and refuse what would pass it.
    """
    lays(stage, ITEMS, like="items")
