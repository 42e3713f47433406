"""PAR-14 and 15 by STOW-RS: very many small elements, items or values."""

from harness.model import Role, Safety, Severity
from harness.oracles.web_keeping import keeps_or_refuses
from harness.registry import scenario
from harness.stage import Stage
from simulators.datasets.volume import MANY_PARTS, MANY_VALUES
from simulators.web.depositing import GIVES_BACK, leaves_built

_MANY = {**MANY_PARTS, **MANY_VALUES}


@scenario(
    id="PAR-314",
    verifies=["HOUSE/BOUNDED-TIME", "HOUSE/BOUNDED-CPU"],
    threats=["T-AVAIL-04", "T-AVAIL-05"],
    weakness=["CWE-407"],
    role=Role.ACCEPTOR,
    needs=GIVES_BACK,
    severity=Severity.MEDIUM,
    twin="WEB-901",
    control="parses_in_square_time",
    oracles=[keeps_or_refuses(malformed=False)],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
    vary=[{"file": name} for name in _MANY],
)
def has_very_many_parts(stage: Stage) -> None:
    """A posted file of very many small parts costs time in proportion to its size.

    Each part is honest, and so is the whole. A server that looks through all parts for each of
    them needs minutes, and a few requests keep every thread of it busy.

    Remedy: Read in one pass; index by tag instead of searching.
    """
    leaves_built(stage, _MANY)
