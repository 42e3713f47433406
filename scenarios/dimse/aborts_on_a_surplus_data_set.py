"""DIM-07: a data set comes that the command said would not."""

from harness.model import Claim, Role, Severity
from harness.oracles import refuses
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from simulators import wire
from simulators.queries import ends_after_answers
from simulators.requestor import Requestor

_DATA = wire.PDV(data=b"\x08\0\x60\0\2\0\0\0OT")


@scenario(
    id="DIM-007B",
    verifies=["PS3.7/9.3", "PS3.8/E.2", "HOUSE/STAYS-IN-SERVICE"],
    threats=["T-INTEG-07", "T-AVAIL-02"],
    weakness=["CWE-20", "CWE-696"],
    role=Role.ACCEPTOR,
    needs={Claim.VERIFICATION_SCP},
    severity=Severity.LOW,
    twin="ASC-900",
    control="ignores_data_set_type",
    oracles=[refuses(Outcome.ABORTED)],
)
def aborts_on_a_surplus_data_set(stage: Stage) -> None:
    """A data set that the command said would not come ends the association.

    The command of this C-ECHO is complete and may well be answered. What follows belongs to no
    message: a device that drops it in silence hides from its own checks what another device would
    have stored. A good device aborts, and does not answer the next request on that association.

    Remedy: Abort when a data set fragment comes while no command awaits one.
    """
    with Requestor(stage) as attacker:
        attacker.associate()
        attacker.invoke(wire.c_echo_rq(attacker.next_message_id()))
        attacker.send(wire.PDataTF(pdvs=(_DATA,)), lie="pdvs[0].control")
        attacker.invoke(wire.c_echo_rq(attacker.next_message_id()))
        ends_after_answers(attacker, permitted=1)
