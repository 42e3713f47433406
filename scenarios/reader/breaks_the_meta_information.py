"""PAR-10: File Meta Information that is missing, repeated, mistyped or of untrue length."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.reading import plants_nothing, refuses_or_reads_within
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.meta import FAULTS
from simulators.corpus.playing import lays


@scenario(
    id="PAR-210",
    verifies=["HOUSE/READER-IN-ORDER", "HOUSE/READER-BOUNDED", "PS3.10/7.1"],
    threats=["T-AVAIL-05", "T-INTEG-52"],
    weakness=["CWE-125", "CWE-20"],
    references=["CVE-2026-5437", "CVE-2024-24793", "CVE-2024-24794"],
    role=Role.READER,
    needs={Claim.READER},
    severity=Severity.HIGH,
    twin="PAR-920",
    control="read_ignores_meta_length",
    oracles=[refuses_or_reads_within(10.0, 64 << 20), plants_nothing()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
    vary=[{"file": name} for name in FAULTS.makers],
)
def breaks_the_meta_information(stage: Stage) -> None:
    """A file whose beginning lies is refused in order, or read as what its elements say.

    The first octets decide whether a file is opened at all, and are read before anything was
    checked. A group length of gigabytes, none, or two: parsers skip by it, allocate by it, or
    count down from it. Service programs look at the beginning of every file that they find.

    Remedy: Read the elements of group 0002 one by one within the file; use the group length
    only where it agrees.
    """
    lays(stage, FAULTS)
