"""PAR-06: two octets of a file that are no value representation."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.reading import plants_nothing, survives_reading
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.playing import lays
from simulators.corpus.structure import UNKNOWN


@scenario(
    id="PAR-206",
    verifies=["HOUSE/READER-IN-ORDER", "PS3.5/7.1.2"],
    threats=["T-AVAIL-05"],
    weakness=["CWE-20", "CWE-125"],
    references=["DCMTK-40c90857a", "CVE-2026-3650"],
    role=Role.READER,
    needs={Claim.READER},
    severity=Severity.HIGH,
    twin="PAR-920",
    control="read_crashes_on_unknown_vr",
    oracles=[survives_reading(), plants_nothing()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
    vary=[{"file": name} for name in UNKNOWN.makers],
)
def names_no_representation(stage: Stage) -> None:
    """An unknown value representation is kept as unknown or refused, and ends no reader.

    Whether the length behind an unknown representation has two or four octets, the reader must
    guess. One that guesses wrong goes on in the middle of a value with lengths that the
    attacker chose.

    Remedy: Take the length of an unknown representation as 32 bits as PS3.5 7.1.2 has it, and
    refuse the file when what follows makes no sense.
    """
    lays(stage, UNKNOWN)
