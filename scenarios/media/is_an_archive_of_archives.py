"""MED-08: archives in archives."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.reading import plants_nothing, refuses_or_reads_within
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.archives import NESTED
from simulators.corpus.playing_media import lays_archive


@scenario(
    id="MED-008D",
    verifies=["HOUSE/READER-BOUNDED", "HOUSE/READER-IN-ORDER"],
    threats=["T-INTEG-52", "T-AVAIL-05"],
    weakness=["CWE-409", "CWE-674"],
    role=Role.READER,
    needs={Claim.READER, Claim.ZIP_READER},
    severity=Severity.HIGH,
    twin="MED-901",
    control="read_unpacks_archives_in_archives",
    oracles=[refuses_or_reads_within(10.0, 128 << 20), plants_nothing()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
    vary=[{"file": name} for name in NESTED.makers],
)
def is_an_archive_of_archives(stage: Stage) -> None:
    """Archives in archives are opened down to a limit, or not at all.

    Whoever opens what is in an archive as he opened the archive goes as deep as the sender likes.
    Three levels of sixteen archives each make gibibytes of twenty kilobytes; three hundred levels
    make a stack overflow.

    Remedy: Open no archive that lies in another one, or count depth and octets over all levels.
    """
    lays_archive(stage, NESTED)
