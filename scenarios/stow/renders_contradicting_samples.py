"""PIX-09 by the web: samples and kinds of picture that contradict one another."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.web_pictures import shows_its_own_pixels
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.pictures import KINDS
from simulators.web.depositing import GIVES_BACK
from simulators.web.showing import shows_from


@scenario(
    id="PIX-323",
    verifies=["HOUSE/NO-FOREIGN-MEMORY", "HOUSE/STAYS-IN-SERVICE", "PS3.3/C.7.6.3"],
    threats=["T-AVAIL-05", "T-CONF-05"],
    weakness=["CWE-125", "CWE-787"],
    references=["CVE-2025-9732"],
    role=Role.ACCEPTOR,
    needs=GIVES_BACK | {Claim.WEB_RENDERED},
    severity=Severity.HIGH,
    twin="WEB-908",
    control="trusts_samples_per_pixel",
    oracles=[shows_its_own_pixels()],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
    vary=[{"file": name} for name in KINDS.makers],
)
def renders_contradicting_samples(stage: Stage) -> None:
    """Samples per pixel that contradict the kind of picture show no foreign memory.

    A grey picture that says it has three samples is a third as long as it should be. A renderer
    that believes it reads two thirds from elsewhere.

    Remedy: Let the photometric interpretation say how many samples there are, and check the
    length.
    """
    shows_from(stage, KINDS)
