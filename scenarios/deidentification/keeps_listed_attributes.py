"""DEI-01: the table of attributes at the top level."""

from functools import partial

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.deidentification import leaves_no_canary
from harness.registry import scenario
from harness.stage import Stage
from simulators.deidentification.objects import SHARES, listed
from simulators.deidentification.playing import gives


@scenario(
    id="DEI-001",
    verifies=["PS3.15/E.1", "HOUSE/DEIDENTIFIED-EVERYWHERE"],
    threats=["T-CONF-46"],
    weakness=["CWE-212"],
    references=["Orthanc-issue46"],
    role=Role.READER,
    needs={Claim.DEIDENTIFIER, Claim.DEIDENTIFIES_BASIC},
    severity=Severity.HIGH,
    twin="DEI-900",
    control="deid_knows_few_attributes",
    oracles=[leaves_no_canary()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
    vary=[{"share": name} for name in SHARES],
)
def keeps_listed_attributes(stage: Stage) -> None:
    """Every attribute that the profile has removed or replaced is gone from the top level.

    Names stand in some two hundred attributes, and dates and numbers that lead to a person in
    as many. Lists that programs bring along cover those that their author has met; whoever gets
    the data looks at the others.

    Remedy: Take the actions of PS3.15 Table E.1-1 for each attribute, and remove what the table
    does not know.
    """
    share = str(stage.case["share"])
    gives(stage, partial(listed, share), f"attributes of Table E.1-1: {share}")
