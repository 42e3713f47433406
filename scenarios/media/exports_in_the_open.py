"""MED-07: encrypted media, octet by octet."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.exporting import conceals_everything, exports
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.playing_media import has_honest_files_exported


@scenario(
    id="MED-007E",
    verifies=["PS3.15/D.1", "HOUSE/EXPORT-ONLY-IMAGES"],
    threats=["T-CONF-41"],
    weakness=["CWE-311"],
    role=Role.READER,
    needs={Claim.EXPORTER, Claim.ENCRYPTS_MEDIA},
    severity=Severity.CRITICAL,
    twin="MED-902",
    control="export_leaves_the_directory_open",
    oracles=[conceals_everything(), exports()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
)
def exports_in_the_open(stage: Stage) -> None:
    """Every file of an encrypted medium is sealed, and no octet of it names the patient.

    Discs are lost in the mail. A medium whose images are encrypted but whose directory, or one
    copy, is not tells whose they are and what was examined. We hold the key of the recipient and
    open each file.

    Remedy: Put every file into a cryptographic message of its own, the DICOMDIR too, with AES and
    a digest inside.
    """
    has_honest_files_exported(stage)
