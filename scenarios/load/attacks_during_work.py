"""LOAD-009: malformed associations while the hospital works."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import serves_during_load
from harness.registry import scenario
from harness.stage import Stage
from simulators import wire
from simulators.load.meanwhile import meanwhile
from simulators.load.scene import plan
from simulators.requestor import Requestor

_ATTACKS = 24
_EVERY_S = 0.05
_COUNT = 120
_RATE = 100.0
_SERVED_S = 1.5


@scenario(
    id="LOAD-009",
    verifies=["HOUSE/SERVES-UNDER-LOAD", "HOUSE/SERVES-OTHERS"],
    threats=["T-AVAIL-10", "T-AVAIL-01"],
    weakness=["CWE-755", "CWE-400"],
    role=Role.ACCEPTOR,
    needs={
        Claim.ACCEPTOR,
        Claim.STORAGE_SCP,
        Claim.VERIFICATION_SCP,
        Claim.CONCURRENT_ASSOCIATIONS,
    },
    severity=Severity.HIGH,
    twin="LOAD-900",
    control="stalls_on_error",
    oracles=[serves_during_load(_SERVED_S)],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
    alone=True,
    bystander=False,
)
def attacks_during_work(stage: Stage) -> None:
    """Malformed associations while others store objects cost the others nothing but a moment.

    Most devices survive a malformed message when nothing else is going on. While a hospital works,
    the same message may stop a thread that serves many, and a pause after an error, well meant,
    becomes a switch for everybody's service.

    Remedy: Handle an error where it happened; whoever did not cause it must not wait for it.
    """
    with meanwhile(stage, plan(stage, "store", associations=4, count=_COUNT, rate=_RATE)):
        for number in range(_ATTACKS):
            with Requestor(stage) as attacker:
                if attacker.connection is None:
                    break
                garbage = wire.RawPDU(type=0xFF, body=bytes(4 + number))
                attacker.send(garbage, stimulus=True, what=f"malformed request {number + 1}")
                if stage.cancelled.wait(_EVERY_S):
                    break
