"""LOAD-001: the rate that the device claims, as an open loop."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import keeps_latency, keeps_rate
from harness.registry import scenario
from harness.stage import Stage
from simulators.load.scene import load, plan

_LEAST = 120
_MOST = 500
_SHOWN_S = 0.6
_LONGEST_S = 60.0


@scenario(
    id="LOAD-001",
    verifies=["HOUSE/CLAIMED-RATE"],
    threats=["T-AVAIL-09"],
    weakness=["CWE-400"],
    role=Role.ACCEPTOR,
    needs={
        Claim.ACCEPTOR,
        Claim.STORAGE_SCP,
        Claim.CONCURRENT_ASSOCIATIONS,
        Claim.LOAD_RATE,
        Claim.LOAD_LATENCY,
    },
    severity=Severity.MEDIUM,
    twin="LOAD-900",
    control="answers_late_under_load",
    oracles=[keeps_rate(), keeps_latency()],
    budget_s=120,
    safety=Safety.STORES_OBJECTS,
    alone=True,
    bystander=False,
)
def asks_at_the_claimed_rate(stage: Stage) -> None:
    """The claimed rate of objects is kept, each answered within the claimed time.

    A claim that was measured on one association by a client that waits says nothing about a
    morning. Objects are due at the claimed rate whatever the device does, and a latency counts
    from the moment at which an object was due, so that a device that stalls cannot hide it.

    Remedy: Find what grows with the number of associations: a lock, a log, one thread for all.
    """
    claimed = stage.profile.load
    assert claimed is not None
    rate = claimed.rate or 0.0
    stage.require(rate * _LONGEST_S >= _LEAST, "the claimed rate is too low to be shown in time")
    count = max(_LEAST, min(int(rate * _SHOWN_S), _MOST))
    stage.require(
        count * claimed.size_bytes <= stage.profile.scope.max_bytes // 2,
        "the claimed objects are more than scope.max_bytes permits",
    )
    load(
        stage,
        plan(
            stage,
            "store",
            associations=claimed.associations,
            count=count,
            rate=rate,
            size_bytes=claimed.size_bytes,
        ),
    )
