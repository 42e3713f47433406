"""DEI-12: marks of de-identification."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.deidentification import says_what_it_did
from harness.registry import scenario
from harness.stage import Stage
from simulators.deidentification.objects import spoken
from simulators.deidentification.playing import gives_and_reads_marks


@scenario(
    id="DEI-012",
    verifies=["PS3.15/E.1/MARKED"],
    threats=["T-CONF-46"],
    weakness=["CWE-223"],
    references=["fodicom-1214"],
    role=Role.READER,
    needs={Claim.DEIDENTIFIER, Claim.DEIDENTIFIES_BASIC},
    severity=Severity.MEDIUM,
    twin="DEI-900",
    control="deid_does_not_say_so",
    oracles=[says_what_it_did()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
)
def does_not_say_what_it_did(stage: Stage) -> None:
    """A de-identified object says that it is, and by which profile and options.

    Whoever receives the object decides by these attributes what may be done with it. Without
    them it is treated like a real one, mixed with real ones, or de-identified twice.

    Remedy: Write YES into (0012,0062), and the codes of profile and options into (0012,0064).
    """
    gives_and_reads_marks(stage, spoken, "an object with identities")
