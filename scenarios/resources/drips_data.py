"""RES-03: fragments that never become a message, slowly."""

from harness.model import Claim, Role, Severity
from harness.oracles import frees_idle_associations
from harness.registry import scenario
from harness.stage import Stage
from simulators import wire
from simulators.peer import GRACE_S
from simulators.requestor import Requestor

_LONGEST_IDLE_S = 60.0
_FRAGMENT = 16
_PER_IDLE_TIME = 4
_PERIODS = 2


@scenario(
    id="RES-003",
    verifies=["HOUSE/IDLE-TIMEOUT", "HOUSE/BOUNDED-TIME"],
    threats=["T-AVAIL-01", "T-AVAIL-04"],
    weakness=["CWE-400"],
    role=Role.ACCEPTOR,
    needs={Claim.ACCEPTOR, Claim.VERIFICATION_SCP, Claim.IDLE_TIMEOUT},
    severity=Severity.MEDIUM,
    twin="ASC-900",
    control="never_times_out_idle",
    oracles=[frees_idle_associations(_PERIODS + 1)],
    budget_s=200,
)
def drips_data(stage: Stage) -> None:
    """An association on which a message is begun and never finished is ended in bounded time.

    One small fragment now and then keeps many devices waiting for the rest of a message without
    end. For twice the claimed time-out we send a fragment four times in each, then nothing more: a
    strict device gives the message a deadline, a lenient one counts from the last fragment.

    Remedy: Give each message a deadline that follows its size, and each association an idle timer.
    """
    acceptor = stage.profile.acceptor
    idle = (acceptor.idle_timeout_s if acceptor else None) or 0.0
    stage.require(0 < idle <= _LONGEST_IDLE_S, "the claimed idle time-out is too long to wait for")
    fragment = wire.PDV(context_id=1, command=True, last=False, data=bytes(_FRAGMENT))
    pdu = wire.encode(wire.PDataTF(pdvs=(fragment,)))
    count = _PERIODS * _PER_IDLE_TIME
    with Requestor(stage) as attacker:
        attacker.associate()
        drip_s = _PERIODS * idle
        attacker.drip(pdu * count, size=len(pdu), every_s=idle / _PER_IDLE_TIME, for_s=drip_s)
        attacker.wait_for_ending(idle + GRACE_S)
