"""PIX-03: bits allocated, bits stored and high bit of a file that contradict one another."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.reading import plants_nothing, survives_reading
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.pictures import DEPTH
from simulators.corpus.playing import lays


@scenario(
    id="PIX-203",
    verifies=["HOUSE/READER-IN-ORDER", "PS3.3/C.7.6.3"],
    threats=["T-AVAIL-05", "T-CONF-05"],
    weakness=["CWE-119", "CWE-125"],
    references=["CVE-2024-52333", "CVE-2025-25474"],
    role=Role.READER,
    needs={Claim.READER},
    severity=Severity.HIGH,
    twin="PAR-920",
    control="read_crashes_on_descriptions",
    oracles=[survives_reading(), plants_nothing()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
    vary=[{"file": name} for name in DEPTH.makers],
)
def contradicts_its_depth(stage: Stage) -> None:
    """Bits allocated, stored and high bit that contradict one another end no reader.

    One of the three numbers makes the buffer, another one fills it, and the third says by how
    many bits to shift. Converters take what a file says about itself, where a modality would
    never say it.

    Remedy: Accept 8 and 16 bits allocated (1 and 32 where meant) with High Bit = Bits Stored -
    1.
    """
    lays(stage, DEPTH)
