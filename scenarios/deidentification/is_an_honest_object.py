"""The twin of the scenarios that look for canaries in what a de-identifier writes."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.deidentification import comes_out_whole
from harness.registry import scenario
from harness.stage import Stage
from simulators.deidentification.playing import gives_honestly


@scenario(
    id="DEI-900",
    verifies=["HOUSE/HONEST-SERVICE", "HOUSE/DEIDENTIFIED-USABLE"],
    threats=["T-CONF-46"],
    weakness=[],
    role=Role.READER,
    needs={Claim.DEIDENTIFIER},
    severity=Severity.MEDIUM,
    twin=None,
    control="deid_spoils_pictures",
    oracles=[comes_out_whole()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
)
def is_an_honest_object(stage: Stage) -> None:
    """An honest object comes out de-identified, as a file that can be read, with its picture.

    A program that writes nothing lets nobody be recognised, and one that spoils the picture
    makes it worthless for research and treatment. That no canary is found says something only
    where the object came out.

    Remedy: Write the object as a Part 10 file, change no pixel that nothing was to be cleaned
    from, and end with the documented code.
    """
    gives_honestly(stage)
