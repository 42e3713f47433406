"""PAR-01: a length beyond the end of the data set, in every place that has one."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import peak_memory_below, reacts
from harness.registry import scenario
from harness.stage import Stage
from simulators.datasets.lengths import BEYOND_THE_END
from simulators.readback import content_of, offer


@scenario(
    id="PAR-001B",
    verifies=[
        "HOUSE/BOUNDED-MEMORY",
        "HOUSE/NO-READ-PAST-LENGTH",
        "HOUSE/STAYS-IN-SERVICE",
        "PS3.5/7.1",
    ],
    threats=["T-AVAIL-03", "T-AVAIL-05"],
    weakness=["CWE-789", "CWE-125", "CWE-130"],
    references=["CVE-2026-3650", "dcm4che-alloc"],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP},
    severity=Severity.HIGH,
    twin="PAR-910",
    control="allocates_value_length",
    oracles=[peak_memory_below(64), reacts(prefers_refusal=True, may_wait=True)],
    safety=Safety.STORES_OBJECTS,
    alone=True,
    vary=[{"place": name} for name in BEYOND_THE_END],
)
def promises_more_in_other_places(stage: Stage) -> None:
    """A length beyond the end of the data set is noticed wherever it stands.

    Parsers often check the lengths of pixels and forget those of texts, items, fragments and
    private elements, each of which has code of its own. Unchecked, the length becomes an allocation
    of two gigabytes or a read of what lies behind the object in memory. A good device answers a
    failure status; one that keeps the bytes as they came, or waits a while for the rest, may do so.

    Remedy: Compare each length with the bytes that are left in what encloses it, in one place that
    all kinds of elements share.
    """
    offer(stage, [BEYOND_THE_END[str(stage.case["place"])](content_of(stage))], wait_s=3.0)
