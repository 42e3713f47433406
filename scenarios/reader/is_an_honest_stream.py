"""The twin of the scenario that has unusual streams decompressed."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.reading import plants_nothing
from harness.oracles.rendering import gives_back_the_samples
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.playing_media import decompresses_honestly


@scenario(
    id="PIX-921",
    verifies=["HOUSE/HONEST-SERVICE", "HOUSE/SAMPLES-GIVEN-BACK"],
    threats=["T-AVAIL-05"],
    weakness=[],
    role=Role.READER,
    needs={Claim.READER, Claim.DECOMPRESSES},
    severity=Severity.MEDIUM,
    twin=None,
    control="read_leaves_traces",
    oracles=[gives_back_the_samples(), plants_nothing()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
)
def is_an_honest_stream(stage: Stage) -> None:
    """A file without compression is given back with its samples.

    Where there is nothing to decompress nothing may change. Only of a program that gives this file
    back can be said that it loses samples elsewhere.

    Remedy: Write the file as it is.
    """
    decompresses_honestly(stage)
