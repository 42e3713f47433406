"""PIX-06 by the web: compressed streams that lie."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import peak_memory_below
from harness.oracles.web_pictures import shows_its_own_pixels
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.pictures import CODED
from simulators.web.depositing import GIVES_BACK
from simulators.web.showing import shows_from


@scenario(
    id="PIX-329",
    verifies=["HOUSE/BOUNDED-TIME", "HOUSE/BOUNDED-MEMORY", "HOUSE/STAYS-IN-SERVICE"],
    threats=["T-AVAIL-05", "T-CONF-05"],
    weakness=["CWE-835", "CWE-787"],
    references=["DCMTK-1190", "CVE-2025-2357"],
    role=Role.ACCEPTOR,
    needs=GIVES_BACK | {Claim.WEB_RENDERED},
    severity=Severity.HIGH,
    twin="WEB-908",
    control="loops_on_markers",
    oracles=[shows_its_own_pixels(), peak_memory_below(128)],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
    alone=True,
    vary=[{"file": name} for name in CODED.makers],
)
def renders_lying_streams(stage: Stage) -> None:
    """A compressed stream with loops or other dimensions keeps no thread of the web server busy.

    Whoever renders has to decode, and decoders are old. A marker of no length is read for ever,
    dimensions inside the stream are believed instead of those outside.

    Remedy: Decode in a process with a time limit, and compare the stream's dimensions with the
    object's.
    """
    shows_from(stage, CODED, known=None, like="jpeg")
