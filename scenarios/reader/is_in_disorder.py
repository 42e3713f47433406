"""PAR-12: tags of a file that stand twice or out of order."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.reading import plants_nothing, survives_reading
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.playing import lays
from simulators.corpus.structure import DISORDERED


@scenario(
    id="PAR-212",
    verifies=["HOUSE/READER-IN-ORDER", "PS3.5/7.1"],
    threats=["T-AVAIL-05", "T-INTEG-07"],
    weakness=["CWE-436", "CWE-415"],
    references=[],
    role=Role.READER,
    needs={Claim.READER},
    severity=Severity.MEDIUM,
    twin="PAR-920",
    control="read_crashes_on_disorder",
    oracles=[survives_reading(), plants_nothing()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
    vary=[{"file": name} for name in DISORDERED.makers],
)
def is_in_disorder(stage: Stage) -> None:
    """Tags that are repeated or out of order end no reader.

    Programs look for a tag until they have passed it, or keep elements in a table that has one
    place for each. What stands twice or too late makes them search for ever, free a value
    twice, or show one patient in the list and another on the picture.

    Remedy: Refuse a data set in disorder, or say which of two values counts, everywhere the
    same.
    """
    lays(stage, DISORDERED)
