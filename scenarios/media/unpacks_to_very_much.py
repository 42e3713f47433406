"""MED-08: archives that hold very much."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.reading import plants_nothing, refuses_or_reads_within
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.archives import SWELLING
from simulators.corpus.playing_media import lays_archive


@scenario(
    id="MED-008C",
    verifies=["HOUSE/READER-BOUNDED", "HOUSE/READER-IN-ORDER"],
    threats=["T-INTEG-52", "T-AVAIL-05"],
    weakness=["CWE-409"],
    references=["CVE-2026-5439"],
    role=Role.READER,
    needs={Claim.READER, Claim.ZIP_READER},
    severity=Severity.HIGH,
    twin="MED-901",
    control="read_unpacks_without_limit",
    oracles=[refuses_or_reads_within(10.0, 128 << 20), plants_nothing()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
    vary=[{"file": name} for name in SWELLING.makers],
)
def unpacks_to_very_much(stage: Stage) -> None:
    """A small archive takes neither memory nor disk beyond a limit.

    Half a mebibyte of an archive can be half a gibibyte of zeros, or five hundred entries that
    share one place, and what it says of its sizes need not be true. An import that believes it, or
    that looks only afterwards, fills the disk of the archive for everybody.

    Remedy: Count octets while they are unpacked, over all entries, and stop at a limit; refuse
    entries that overlap, and more of them than a study can have.
    """
    lays_archive(stage, SWELLING)
