"""TXT-05, TXT-06 and TXT-07: character sets of a file that are unknown, open or broken."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.reading import plants_nothing, survives_reading
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.playing import lays
from simulators.corpus.words import CHARSETS


@scenario(
    id="TXT-205",
    verifies=["HOUSE/READER-IN-ORDER", "PS3.5/6.1"],
    threats=["T-AVAIL-05"],
    weakness=["CWE-176", "CWE-838"],
    references=["dcm4che-325"],
    role=Role.READER,
    needs={Claim.READER},
    severity=Severity.MEDIUM,
    twin="PAR-920",
    control="read_runs_on_character_sets",
    oracles=[survives_reading(), plants_nothing()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
    vary=[{"file": name} for name in CHARSETS.makers],
)
def misleads_by_character_sets(stage: Stage) -> None:
    """Texts in a broken or unknown character set end no reader.

    Escape sequences switch tables in the middle of a name, and the table may be cut, unknown or
    never left. Conversion is code of its own, with buffers that grow by what it believes a
    character needs.

    Remedy: Bound what a conversion may make of a text, reset at each delimiter, and show a
    substitute for what is no character.
    """
    lays(stage, CHARSETS)
