"""PAR-14 and PAR-15: a file of very many small parts."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.reading import plants_nothing, refuses_or_reads_within
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.playing import lays
from simulators.corpus.structure import PARTS


@scenario(
    id="PAR-214",
    verifies=["HOUSE/READER-BOUNDED", "PS3.5/6.4"],
    threats=["T-AVAIL-05"],
    weakness=["CWE-407", "CWE-400"],
    references=[],
    role=Role.READER,
    needs={Claim.READER},
    severity=Severity.MEDIUM,
    twin="PAR-920",
    control="read_searches_each_part",
    oracles=[refuses_or_reads_within(15.0, 512 << 20), plants_nothing()],
    budget_s=60,
    safety=Safety.NON_DESTRUCTIVE,
    alone=True,
    bystander=False,
    vary=[{"file": name} for name in PARTS.makers],
)
def has_very_many_parts(stage: Stage) -> None:
    """A file of very many parts costs time and memory in proportion to its size.

    A hundred thousand elements, or one of sixty-five thousand values, are valid and need one
    megabyte. Where each part costs a search through all others, or kilobytes of bookkeeping,
    one such file keeps an import busy for an hour.

    Remedy: Keep elements in an ordered structure, and values as octets until they are asked
    for.
    """
    lays(stage, PARTS)
