"""PIX-10 by the web: slopes and windows that are extreme."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import peak_memory_below
from harness.oracles.web_pictures import shows_its_own_pixels
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.pictures import RESCALING
from simulators.web.depositing import GIVES_BACK
from simulators.web.showing import shows_from


@scenario(
    id="PIX-326",
    verifies=["HOUSE/BOUNDED-MEMORY", "HOUSE/STAYS-IN-SERVICE"],
    threats=["T-AVAIL-05", "T-CONF-05"],
    weakness=["CWE-770", "CWE-369"],
    references=["dcm4che-1499"],
    role=Role.ACCEPTOR,
    needs=GIVES_BACK | {Claim.WEB_RENDERED},
    severity=Severity.HIGH,
    twin="WEB-908",
    control="tabulates_rescaling",
    oracles=[shows_its_own_pixels(), peak_memory_below(128)],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
    alone=True,
    vary=[{"file": name} for name in RESCALING.makers],
)
def renders_by_extreme_scales(stage: Stage) -> None:
    """A slope or window that is nought, endless or no number makes no endless table.

    Rendering maps stored values to grey by slope and window, often by a table that is made
    first. Its size follows from numbers that the object brings.

    Remedy: Bound the table by the bits that are stored, and refuse numbers that are none.
    """
    shows_from(stage, RESCALING)
