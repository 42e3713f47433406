"""DEI-13: what cannot be understood to the end."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.deidentification import refuses_or_leaves_no_canary
from harness.registry import scenario
from harness.stage import Stage
from simulators.deidentification.broken import MAKERS
from simulators.deidentification.playing import gives


@scenario(
    id="DEI-013",
    verifies=["HOUSE/DEIDENTIFIER-FAILS-CLOSED"],
    threats=["T-CONF-46"],
    weakness=["CWE-636"],
    role=Role.READER,
    needs={Claim.DEIDENTIFIER, Claim.DEIDENTIFIES_BASIC},
    severity=Severity.CRITICAL,
    twin="DEI-900",
    control="deid_passes_through",
    oracles=[refuses_or_leaves_no_canary()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
    vary=[{"file": name} for name in MAKERS],
)
def hands_on_what_it_cannot_read(stage: Stage) -> None:
    """What cannot be understood to the end is never handed on as it was.

    Exports run over thousands of files, and somebody let them go on where one cannot be read. A
    program that copies it, or what it has of it, hands out exactly the object that nobody has
    looked at.

    Remedy: Build the output from what was understood, write it under its final name when it is
    complete, and end with an error otherwise.
    """
    case = str(stage.case["file"])
    gives(stage, MAKERS[case], case)
