"""PAR-11: elements of other groups inside a data set."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.reading import plants_nothing, refuses_or_reads_within
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.playing import lays
from simulators.corpus.structure import FOREIGN


@scenario(
    id="PAR-211",
    verifies=["HOUSE/READER-IN-ORDER", "HOUSE/READER-BOUNDED", "PS3.10/7.1", "PS3.5/7.2"],
    threats=["T-AVAIL-05", "T-INTEG-07"],
    weakness=["CWE-436"],
    references=[],
    role=Role.READER,
    needs={Claim.READER},
    severity=Severity.MEDIUM,
    twin="PAR-920",
    control="read_crashes_on_disorder",
    oracles=[refuses_or_reads_within(10.0, 64 << 20), plants_nothing()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
    vary=[{"file": name} for name in FOREIGN.makers],
)
def brings_foreign_groups(stage: Stage) -> None:
    """Elements of the meta information or the command set inside a data set end no reader.

    A second transfer syntax in the middle of a data set, or a group length of gigabytes: a
    parser that dispatches by the tag alone changes its mind about the encoding while it reads.

    Remedy: Take groups 0000 and 0002 for what they are in their own place only, and ignore
    group lengths.
    """
    lays(stage, FOREIGN)
