"""RES-013: the device is killed in the middle of a load, and started again."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import loses_nothing, mixes_up_nothing
from harness.registry import scenario
from harness.stage import Stage
from simulators.load.meanwhile import break_off, meanwhile
from simulators.load.scene import look_for, plan

_COUNT = 400
_RATE = 300.0
_FIRST = 60


@scenario(
    id="RES-013",
    verifies=["HOUSE/DURABLE", "HOUSE/NOTHING-LOST", "PS3.4/B.2.3"],
    threats=["T-INTEG-08"],
    weakness=["CWE-460"],
    role=Role.ACCEPTOR,
    needs={
        Claim.ACCEPTOR,
        Claim.STORAGE_SCP,
        Claim.CONCURRENT_ASSOCIATIONS,
        Claim.RESTARTABLE,
    },
    severity=Severity.CRITICAL,
    twin="LOAD-900",
    control="loses_on_restart",
    oracles=[loses_nothing(), mixes_up_nothing()],
    budget_s=120,
    safety=Safety.STORES_OBJECTS,
    alone=True,
    bystander=False,
)
def ends_the_device_while_it_stores(stage: Stage) -> None:
    """What was acknowledged before the device was killed is there after it has been started again.

    A power failure, an update, an attacker who makes the process crash: the modality has been told
    that its objects are safe and has deleted some of them. All processes of the device are killed
    while objects come, and it is started anew; each object that it had acknowledged must be found,
    whole and with its own content.

    Remedy: Write, flush and rename before the answer; make the index anew from what is stored.
    """
    what = plan(stage, "store", associations=4, count=_COUNT, rate=_RATE)
    with meanwhile(stage, what, objects=_FIRST) as work:
        break_off(stage)
    look_for(stage, work.result().acknowledged, compare=True)
