"""PIX-09: kinds of picture that do not fit their samples."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.reading import plants_nothing, survives_reading
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.pictures import KINDS
from simulators.corpus.playing import lays


@scenario(
    id="PIX-209",
    verifies=["HOUSE/READER-IN-ORDER", "PS3.3/C.7.6.3"],
    threats=["T-AVAIL-05", "T-CONF-05"],
    weakness=["CWE-787", "CWE-369"],
    references=["CVE-2025-9732"],
    role=Role.READER,
    needs={Claim.READER},
    severity=Severity.HIGH,
    twin="PAR-920",
    control="read_crashes_on_descriptions",
    oracles=[survives_reading(), plants_nothing()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
    vary=[{"file": name} for name in KINDS.makers],
)
def contradicts_its_samples(stage: Stage) -> None:
    """A kind of picture that does not fit its samples ends no reader.

    Samples per pixel, photometric interpretation and planes say the same thing three times. The
    conversion is chosen by one and its buffer sized by another, so that three planes are read
    where one is.

    Remedy: Accept only the combinations that the standard defines, before a conversion is
    chosen.
    """
    lays(stage, KINDS)
