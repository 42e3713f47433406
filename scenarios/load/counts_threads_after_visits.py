"""LOAD-014: threads and descriptors after many short associations."""

from harness.model import Claim, Role, Severity
from harness.oracles import all_answered, returns_to_base
from harness.registry import scenario
from harness.stage import Stage
from simulators.load.scene import load, plan, rest

_WARM = 8
_COUNT = 60


@scenario(
    id="LOAD-014",
    verifies=["HOUSE/RETURNS-TO-BASE"],
    threats=["T-AVAIL-11"],
    weakness=["CWE-772", "CWE-775"],
    references=["fodicom-1594"],
    role=Role.ACCEPTOR,
    needs={
        Claim.ACCEPTOR,
        Claim.VERIFICATION_SCP,
        Claim.CONCURRENT_ASSOCIATIONS,
        Claim.RESTARTABLE,
    },
    severity=Severity.MEDIUM,
    twin="ASC-900",
    control="leaks_threads",
    oracles=[returns_to_base(), all_answered()],
    budget_s=60,
    alone=True,
    bystander=False,
)
def counts_threads_after_visits(stage: Stage) -> None:
    """After many short associations no thread, process or descriptor is left behind.

    What is taken per association and not given back ends at a limit of the operating system, and
    then the device takes nobody any more. Sixty associations, two at a time, each with one C-ECHO
    and an orderly release, must leave nothing.

    Remedy: Close the connection and end its thread on every path on which an association ends.
    """
    load(stage, plan(stage, "associate", number=1, associations=2, count=_WARM))
    base = rest(stage, "before")
    load(stage, plan(stage, "associate", associations=2, count=_COUNT))
    rest(stage, "after", base)
