"""PAR-05: values of odd or impossible lengths."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.reading import plants_nothing, survives_reading
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.playing import lays
from simulators.corpus.structure import ODD


@scenario(
    id="PAR-205",
    verifies=["HOUSE/READER-IN-ORDER", "PS3.5/6.2", "PS3.5/7.1"],
    threats=["T-AVAIL-05"],
    weakness=["CWE-130", "CWE-248"],
    references=["CVE-2025-14607"],
    role=Role.READER,
    needs={Claim.READER},
    severity=Severity.MEDIUM,
    twin="PAR-920",
    control="read_crashes_on_odd_length",
    oracles=[survives_reading(), plants_nothing()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
    vary=[{"file": name} for name in ODD.makers],
)
def holds_unfit_values(stage: Stage) -> None:
    """A value whose length does not fit its representation ends no reader.

    A number of three octets, a text of an odd number: parsers convert values by the width of
    the type, read one octet too many at the end of a buffer, or fail where nobody catches it.

    Remedy: Check the length of a value against its representation before it is converted.
    """
    lays(stage, ODD)
