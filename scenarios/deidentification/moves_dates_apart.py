"""DEI-11: dates that are to be kept in modified form."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.deidentification import moves_dates_together
from harness.registry import scenario
from harness.stage import Stage
from simulators.deidentification.playing import gives_dates


@scenario(
    id="DEI-011",
    verifies=["PS3.15/E.3.6"],
    threats=["T-CONF-46"],
    weakness=["CWE-212"],
    role=Role.READER,
    needs={Claim.DEIDENTIFIER, Claim.MODIFIES_DATES},
    severity=Severity.MEDIUM,
    twin="DEI-900",
    control="deid_scatters_dates",
    oracles=[moves_dates_together()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
)
def moves_dates_apart(stage: Stage) -> None:
    """Modified dates are none of the original ones, keep their order, and are said to be modified.

    Research needs what came before what. Dates that are changed one by one put the follow-up
    before the treatment; one that is left tells the day in the hospital.

    Remedy: Move all dates of a patient by the same secret number of days, in time stamps and
    items too, and write MODIFIED into (0028,0303).
    """
    gives_dates(stage)
