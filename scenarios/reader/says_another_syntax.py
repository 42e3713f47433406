"""PAR-08: a transfer syntax that is not the data set's."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.reading import plants_nothing, refuses_or_reads_within
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.playing import lays
from simulators.corpus.structure import SYNTAX


@scenario(
    id="PAR-208",
    verifies=["HOUSE/READER-IN-ORDER", "HOUSE/READER-BOUNDED", "PS3.5/10", "PS3.10/7.1"],
    threats=["T-AVAIL-05", "T-INTEG-07"],
    weakness=["CWE-436", "CWE-20"],
    references=["dicomrs-panics"],
    role=Role.READER,
    needs={Claim.READER},
    severity=Severity.HIGH,
    twin="PAR-920",
    control="read_crashes_on_unknown_vr",
    oracles=[refuses_or_reads_within(10.0, 64 << 20), plants_nothing()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
    vary=[{"file": name} for name in SYNTAX.makers],
)
def says_another_syntax(stage: Stage) -> None:
    """A file that is encoded otherwise than it says ends no reader.

    Implicit octets read as explicit ones, little ends read as big ones: every tag and length
    becomes another, so that one honest object under a false name is a whole set of lies.
    Readers are tried with files of each syntax, seldom with one under the name of another.

    Remedy: Refuse what makes no sense in the syntax that is declared, or tell the user that
    another one was taken.
    """
    lays(stage, SYNTAX)
