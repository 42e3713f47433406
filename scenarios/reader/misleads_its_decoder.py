"""PIX-06: compressed streams of a file with loops, other dimensions and early ends."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.reading import plants_nothing, refuses_or_reads_within
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.pictures import CODED
from simulators.corpus.playing import lays


@scenario(
    id="PIX-206",
    verifies=["HOUSE/READER-IN-ORDER", "HOUSE/READER-BOUNDED"],
    threats=["T-AVAIL-05"],
    weakness=["CWE-835", "CWE-787"],
    references=["DCMTK-1190", "CVE-2025-2357", "CVE-2024-22373", "CVE-2026-5441"],
    role=Role.READER,
    needs={Claim.READER},
    severity=Severity.HIGH,
    twin="PAR-920",
    control="read_crashes_on_fragments",
    oracles=[refuses_or_reads_within(10.0, 128 << 20), plants_nothing()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
    vary=[{"file": name} for name in CODED.makers],
)
def misleads_its_decoder(stage: Stage) -> None:
    """A compressed stream that lies is refused within ten seconds and without a crash.

    A codec goes from marker to marker by lengths in the stream, and its dimensions may differ
    from those of the file that made the room. Codecs are old, shared by all, and the first that
    an unknown file reaches.

    Remedy: Compare the dimensions of stream and file, require progress at each marker, and
    decode in a process that may be ended.
    """
    lays(stage, CODED, like="jpeg")
