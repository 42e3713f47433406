"""PAR-07: attributes of a file with the representation of others."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.reading import plants_nothing, survives_reading
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.playing import lays
from simulators.corpus.structure import WRONG


@scenario(
    id="PAR-207",
    verifies=["HOUSE/READER-IN-ORDER", "PS3.5/6.2"],
    threats=["T-AVAIL-05", "T-CONF-05"],
    weakness=["CWE-704", "CWE-843"],
    references=["CVE-2026-5442", "CVE-2024-28130", "DCMTK-1089"],
    role=Role.READER,
    needs={Claim.READER},
    severity=Severity.HIGH,
    twin="PAR-920",
    control="read_casts_values",
    oracles=[survives_reading(), plants_nothing()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
    vary=[{"file": name} for name in WRONG.makers],
)
def names_another_representation(stage: Stage) -> None:
    """An attribute with a representation that is not its own is converted with care, or refused.

    Programs know what Rows is and ask for a number; the file says it is a text or a sequence. A
    cast without a look makes a pointer of octets that the attacker chose.

    Remedy: Ask the element for its representation before its value is taken for a number, a
    text or items.
    """
    lays(stage, WRONG)
