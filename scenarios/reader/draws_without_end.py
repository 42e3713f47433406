"""PIX-01, PIX-02: pictures of gigabytes in a kilobyte."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.reading import plants_nothing, refuses_or_reads_within
from harness.oracles.rendering import draws_within
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.drawings import ENDLESS
from simulators.corpus.playing_media import draws


@scenario(
    id="PIX-222",
    verifies=["HOUSE/READER-BOUNDED", "HOUSE/READER-IN-ORDER"],
    threats=["T-AVAIL-05", "T-INTEG-52"],
    weakness=["CWE-400", "CWE-770"],
    role=Role.READER,
    needs={Claim.READER, Claim.RENDERS},
    severity=Severity.HIGH,
    twin="PIX-920",
    control="read_draws_without_limit",
    oracles=[draws_within(64 << 20), refuses_or_reads_within(15.0, 256 << 20), plants_nothing()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
    vary=[{"file": name} for name in ENDLESS.makers],
)
def draws_without_end(stage: Stage) -> None:
    """What is drawn of a small file does not fill the disk.

    Sixteen bits of rows, sixteen of columns and any number of frames make a kilobyte promise
    gigabytes. A renderer that writes what is promised, zeros and all, fills the disk of the
    viewer's cache.

    Remedy: Compare what is described with what the file holds before anything is written.
    """
    draws(stage, ENDLESS)
