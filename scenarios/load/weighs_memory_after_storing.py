"""LOAD-006: memory after a load is what it was before."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import all_answered, returns_to_base
from harness.registry import scenario
from harness.stage import Stage
from simulators.load.scene import load, plan, rest

_WARM = 40
_COUNT = 240


@scenario(
    id="LOAD-006",
    verifies=["HOUSE/RETURNS-TO-BASE"],
    threats=["T-AVAIL-11"],
    weakness=["CWE-401"],
    references=["CVE-2022-43272"],
    role=Role.ACCEPTOR,
    needs={
        Claim.ACCEPTOR,
        Claim.STORAGE_SCP,
        Claim.CONCURRENT_ASSOCIATIONS,
        Claim.BOUNDED_GROWTH,
    },
    severity=Severity.MEDIUM,
    twin="LOAD-900",
    control="leaks_per_object",
    oracles=[returns_to_base(), all_answered()],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
    alone=True,
    bystander=False,
)
def weighs_memory_after_storing(stage: Stage) -> None:
    """After a load of objects the device's memory returns to what it was, but for the claim.

    A few kilobytes that each object leaves behind are nothing in a test and the end of the device
    in a month, which nobody connects with its cause. The device is warmed up first, so that what
    it keeps for good reasons is not counted.

    Remedy: Free what belongs to an object when it is stored; look for caches without a bound.
    """
    load(stage, plan(stage, "store", number=1, associations=4, count=_WARM))
    base = rest(stage, "before")
    load(stage, plan(stage, "store", associations=4, count=_COUNT))
    rest(stage, "after", base)
