"""MED-02: offsets of a directory that point behind the end, into a record, or nowhere."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.reading import plants_nothing, refuses_or_reads_within
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.media import OFFSETS
from simulators.corpus.playing import lays_media


@scenario(
    id="MED-002B",
    verifies=["HOUSE/READER-IN-ORDER", "HOUSE/READER-BOUNDED"],
    threats=["T-INTEG-52"],
    weakness=["CWE-125", "CWE-823"],
    references=[],
    role=Role.READER,
    needs={Claim.READER, Claim.MEDIA_READER},
    severity=Severity.HIGH,
    twin="MED-900",
    control="read_crashes_on_record_offsets",
    oracles=[refuses_or_reads_within(10.0, 64 << 20), plants_nothing()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
    vary=[{"file": name} for name in OFFSETS.makers],
)
def leads_into_nothing(stage: Stage) -> None:
    """Offsets of a directory that point to no record end no reader.

    An offset is a place in the file, and the reader goes there. Behind the end is nothing, and
    inside a record are octets that the attacker chose, read as the header of another.

    Remedy: Look offsets up among the beginnings of the records that were read, and refuse all
    others.
    """
    lays_media(stage, OFFSETS)
