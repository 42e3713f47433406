"""PIX-01, PIX-07: pictures whose samples are not there."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.reading import plants_nothing, survives_reading
from harness.oracles.rendering import draws_the_same_twice
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.drawings import UNFILLED
from simulators.corpus.playing_media import draws


@scenario(
    id="PIX-221",
    verifies=["HOUSE/PICTURE-OF-THE-FILE", "HOUSE/READER-IN-ORDER"],
    threats=["T-CONF-05", "T-INTEG-52"],
    weakness=["CWE-125", "CWE-908"],
    references=["CVE-2026-5445", "CVE-2024-47796"],
    role=Role.READER,
    needs={Claim.READER, Claim.RENDERS},
    severity=Severity.CRITICAL,
    twin="PIX-920",
    control="read_shows_memory",
    oracles=[draws_the_same_twice(), survives_reading(), plants_nothing()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
    vary=[{"file": name} for name in UNFILLED.makers],
)
def has_fewer_samples_than_pixels(stage: Stage) -> None:
    """Where samples are missing, no memory is shown in their place.

    A decoder that makes room for what a picture describes, and is given less, shows what lay there
    before: parts of other images, names, keys. The picture is stored, sent on or put on a page.
    Drawn twice while memory is filled otherwise, it gives itself away.

    Remedy: Compare the length of what was decoded with what is described, refuse, or fill what is
    missing.
    """
    draws(stage, UNFILLED)
