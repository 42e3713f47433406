"""DEI-10: UIDs."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.deidentification import leaves_no_canary, replaces_uids
from harness.registry import scenario
from harness.stage import Stage
from simulators.deidentification.playing import gives_uids


@scenario(
    id="DEI-010",
    verifies=["PS3.15/E.1/UIDS", "HOUSE/DEIDENTIFIED-EVERYWHERE"],
    threats=["T-CONF-46"],
    weakness=["CWE-328"],
    role=Role.READER,
    needs={Claim.DEIDENTIFIER, Claim.DEIDENTIFIES_UIDS},
    severity=Severity.HIGH,
    twin="DEI-900",
    control="deid_forgets_uids",
    oracles=[leaves_no_canary(), replaces_uids()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
)
def tells_of_the_old_uids(stage: Stage) -> None:
    """Every UID is replaced by the same other one wherever it stands in an object.

    Whoever has the original study finds its patient by any UID that is left. A UID that becomes
    two breaks the reference from a plan to its images, and one that is a plain digest can be
    looked up.

    Remedy: Map each UID to one of 2.25 made by a keyed digest or a table that is kept secret,
    in all attributes of the table, references and the file meta information.
    """
    gives_uids(stage)
