"""PAR-10 by STOW-RS: File Meta Information that is broken, and files that are none."""

from harness.model import Role, Safety, Severity
from harness.oracles.web_keeping import keeps_or_refuses
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.meta import FAULTS, NONE
from simulators.web.depositing import GIVES_BACK, leaves_from

_SHELVES = {name: shelf for shelf in (FAULTS, NONE) for name in shelf.makers}


@scenario(
    id="PAR-310",
    verifies=[
        "HOUSE/ORDERLY-REFUSAL",
        "HOUSE/NO-READ-PAST-LENGTH",
        "HOUSE/STAYS-IN-SERVICE",
        "PS3.10/7.1",
    ],
    threats=["T-AVAIL-02", "T-AVAIL-05"],
    weakness=["CWE-125", "CWE-20"],
    references=["CVE-2026-5437", "CVE-2024-24793", "CVE-2024-24794"],
    role=Role.ACCEPTOR,
    needs=GIVES_BACK,
    severity=Severity.HIGH,
    twin="WEB-901",
    control="web_ignores_meta_length",
    oracles=[keeps_or_refuses()],
    budget_s=40,
    safety=Safety.STORES_OBJECTS,
    vary=[{"file": name} for name in _SHELVES],
)
def breaks_the_meta_information(stage: Stage) -> None:
    """A posted file with broken File Meta Information is refused, or read for what it says.

    STOW-RS hands over whole files, so that what comes before the data set comes from a stranger
    too: a group length that leads nowhere, elements twice, no transfer syntax. DIMSE has none
    of it, and code that was only ever fed by DIMSE trusts it.

    Remedy: Read the meta information with the same bounds as the data set.
    """
    leaves_from(stage, _SHELVES[str(stage.case["file"])])
