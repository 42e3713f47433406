"""PIX-08 by the web: overlays that lie."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.web_pictures import shows_its_own_pixels
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.pictures import OVERLAYS
from simulators.web.depositing import GIVES_BACK
from simulators.web.showing import shows_from


@scenario(
    id="PIX-325",
    verifies=["HOUSE/NO-FOREIGN-MEMORY", "HOUSE/STAYS-IN-SERVICE"],
    threats=["T-AVAIL-05", "T-CONF-05"],
    weakness=["CWE-125", "CWE-787"],
    references=["CVE-2025-52582"],
    role=Role.ACCEPTOR,
    needs=GIVES_BACK | {Claim.WEB_RENDERED},
    severity=Severity.HIGH,
    twin="WEB-908",
    control="draws_overlays",
    oracles=[shows_its_own_pixels()],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
    vary=[{"file": name} for name in OVERLAYS.makers],
)
def renders_overlays_beyond(stage: Stage) -> None:
    """An overlay that is larger than its bits, or lies elsewhere, shows no foreign memory.

    Overlays are burnt in when a picture is rendered. One that says it is as large as a wall
    reads behind its bits, or writes beside the picture.

    Remedy: Clip overlays to the picture, and check their size against their bits.
    """
    shows_from(stage, OVERLAYS)
