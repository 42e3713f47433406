"""DIM-06: a command whose last fragment never comes."""

from harness.model import Claim, Role, Severity
from harness.oracles import not_carried_out
from harness.registry import scenario
from harness.stage import Stage
from simulators import wire
from simulators.requestor import Requestor

_LOOK_S = 5.0


@scenario(
    id="DIM-006B",
    verifies=["PS3.8/E.2", "HOUSE/NO-EFFECT"],
    threats=["T-INTEG-07", "T-AVAIL-02"],
    weakness=["CWE-696"],
    role=Role.ACCEPTOR,
    needs={Claim.VERIFICATION_SCP},
    severity=Severity.LOW,
    twin="ASC-900",
    control="ignores_fragment_flags",
    oracles=[not_carried_out()],
)
def waits_for_the_last_fragment(stage: Stage) -> None:
    """A command whose last fragment has not come is not carried out.

    The sender has not finished: more elements may follow that change what is asked for. A device
    that acts when it has seen enough obeys a message that another reader of the same bytes would
    still be waiting for. How long a good device waits before it gives up is judged elsewhere.

    Remedy: Take a command set for complete only with the fragment that is flagged as its last.
    """
    with Requestor(stage) as attacker:
        attacker.associate()
        command = wire.encode_command(wire.c_echo_rq(attacker.next_message_id()))
        unfinished = wire.PDV(command=True, last=False, data=command)
        attacker.send(wire.PDataTF(pdvs=(unfinished,)), lie="pdvs[0].control")
        attacker.wait_for_ending(_LOOK_S)
