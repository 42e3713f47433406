"""PAR-01: lengths beyond the end of a file."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.reading import plants_nothing, refuses_or_reads_within
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.playing import lays
from simulators.corpus.structure import HUGE


@scenario(
    id="PAR-201",
    verifies=["HOUSE/READER-BOUNDED", "HOUSE/READER-IN-ORDER", "PS3.5/7.1"],
    threats=["T-AVAIL-05", "T-INTEG-52"],
    weakness=["CWE-789", "CWE-130"],
    references=["CVE-2026-3650", "dcm4che-alloc"],
    role=Role.READER,
    needs={Claim.READER},
    severity=Severity.HIGH,
    twin="PAR-920",
    control="read_trusts_value_length",
    oracles=[refuses_or_reads_within(10.0, 64 << 20), plants_nothing()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
    vary=[{"file": name} for name in HUGE.makers],
)
def claims_more_than_the_file_holds(stage: Stage) -> None:
    """A length beyond the end of the file costs the reader no memory and does not end it.

    Four octets can promise gigabytes. A reader that makes room for a value before it looks
    whether the file has it takes all memory of the workstation for a file of one kilobyte; one
    that does not look at all reads what lies behind its buffer. Files come from discs, mails
    and research archives, where nobody has looked at them before.

    Remedy: Compare each length with what is left of the file before anything is allocated or
    read.
    """
    lays(stage, HUGE)
