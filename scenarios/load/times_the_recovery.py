"""LOAD-007: how long after a load the device is as quick as before."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import recovers_within
from harness.registry import scenario
from harness.stage import Stage
from simulators.load.scene import load, plan, quickness, recover

_COUNT = 160
_ASSOCIATIONS = 8
_LONGEST_S = 60.0


@scenario(
    id="LOAD-007",
    verifies=["HOUSE/RECOVERS-FROM-LOAD"],
    threats=["T-AVAIL-09"],
    weakness=["CWE-405"],
    role=Role.ACCEPTOR,
    needs={
        Claim.ACCEPTOR,
        Claim.STORAGE_SCP,
        Claim.VERIFICATION_SCP,
        Claim.CONCURRENT_ASSOCIATIONS,
        Claim.RECOVERS_FROM_LOAD,
    },
    severity=Severity.MEDIUM,
    twin="LOAD-900",
    control="stays_slow_after_load",
    oracles=[recovers_within()],
    budget_s=120,
    safety=Safety.STORES_OBJECTS,
    alone=True,
    bystander=False,
)
def times_the_recovery(stage: Stage) -> None:
    """Soon after a load has ended the device is as quick as it was before.

    An attacker who makes a device slow for half an hour by a minute of honest requests needs
    little. A good device works off what it has taken, or refuses it, and is then as it was; it is
    asked by single C-ECHOs until it is.

    Remedy: Bound what is queued for later, and let interactive requests pass what waits.
    """
    within = (stage.profile.load.recovery_s if stage.profile.load else None) or 0.0
    stage.require(0 < within <= _LONGEST_S, "the claimed recovery is too long to wait for")
    usual = quickness(stage)
    load(stage, plan(stage, "store", associations=_ASSOCIATIONS, count=_COUNT))
    recover(stage, usual, within)
