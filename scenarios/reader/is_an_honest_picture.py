"""The twin of the scenarios that have hostile pictures drawn."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.reading import plants_nothing
from harness.oracles.rendering import draws, draws_the_same_twice
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.playing_media import draws_honestly


@scenario(
    id="PIX-920",
    verifies=["HOUSE/HONEST-SERVICE", "HOUSE/PICTURE-OF-THE-FILE"],
    threats=["T-CONF-05"],
    weakness=[],
    role=Role.READER,
    needs={Claim.READER, Claim.RENDERS},
    severity=Severity.MEDIUM,
    twin=None,
    control="read_leaves_traces",
    oracles=[draws(), draws_the_same_twice(), plants_nothing()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
)
def is_an_honest_picture(stage: Stage) -> None:
    """An honest picture is drawn, and the same one each time.

    Two runs on one file, between which all that memory held before has changed, give the same
    octets. Only then a difference on another file says that it shows memory.

    Remedy: Let a picture depend on nothing but its file: no date, no random name.
    """
    draws_honestly(stage)
