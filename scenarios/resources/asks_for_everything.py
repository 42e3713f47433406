"""RES-010: a query that matches more than the device returns."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import limits_results
from harness.registry import scenario
from harness.stage import Stage
from simulators.load.inquiry import count_results
from simulators.load.scene import load, plan

_MORE = 20
_MOST = 1000


@scenario(
    id="RES-010",
    verifies=["HOUSE/RESULT-LIMIT", "PS3.4/C.4.1"],
    threats=["T-AVAIL-09"],
    weakness=["CWE-770"],
    references=["arc-695", "CVE-2020-16200"],
    role=Role.ACCEPTOR,
    needs={
        Claim.ACCEPTOR,
        Claim.STORAGE_SCP,
        Claim.QUERY_SCP,
        Claim.CONCURRENT_ASSOCIATIONS,
        Claim.RESULT_LIMIT,
    },
    severity=Severity.MEDIUM,
    twin="LOAD-900",
    control="find_unbounded",
    oracles=[limits_results()],
    budget_s=120,
    safety=Safety.STORES_OBJECTS,
    alone=True,
    bystander=False,
)
def asks_for_everything(stage: Stage) -> None:
    """A query that matches more than the claimed limit returns no more than that.

    A query without keys is an honest request, and asks for every object that there is: a device
    that gathers all answers before it sends the first may run out of memory, and whoever may
    query learns everything at once. One study gets more images than the limit, and is asked for.

    Remedy: Stop at the limit and end with A700H, so that the caller knows to narrow the query.
    """
    limit = (stage.profile.load.max_results if stage.profile.load else None) or 0
    stage.require(0 < limit <= _MOST, "the claimed limit is more than we may store for")
    driven = load(stage, plan(stage, "store", associations=1, count=limit + _MORE))
    count_results(stage, driven.acknowledged)
