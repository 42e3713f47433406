"""PAR-13: private elements of nobody, or of two."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.reading import plants_nothing, survives_reading
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.playing import lays
from simulators.corpus.structure import BLOCKS


@scenario(
    id="PAR-213",
    verifies=["HOUSE/READER-IN-ORDER", "PS3.5/7.8"],
    threats=["T-AVAIL-05"],
    weakness=["CWE-20"],
    references=[],
    role=Role.READER,
    needs={Claim.READER},
    severity=Severity.MEDIUM,
    twin="PAR-920",
    control="read_believes_private_creators",
    oracles=[survives_reading(), plants_nothing()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
    vary=[{"file": name} for name in BLOCKS.makers],
)
def owns_no_private_block(stage: Stage) -> None:
    """Private elements without a creator, or with two, are kept as unknown or refused in order.

    Private elements are looked up by their creator in a dictionary that grew over decades, and
    their content is parsed by code for one maker's machines. Who can make a file decides which
    of that code runs, and on what.

    Remedy: Treat a private element as unknown unless exactly one creator reserves its block.
    """
    lays(stage, BLOCKS)
