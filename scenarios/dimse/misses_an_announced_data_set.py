"""DIM-07: the command announces a data set, and another command comes in its place."""

from harness.model import Claim, Role, Severity
from harness.oracles import refuses_operation
from harness.registry import scenario
from harness.stage import Stage
from simulators import wire
from simulators.queries import send_lying_command
from simulators.requestor import Requestor
from simulators.wire.messages import DATA_SET_FOLLOWS


@scenario(
    id="DIM-007",
    verifies=["PS3.7/9.3", "HOUSE/ORDERLY-REFUSAL", "HOUSE/STAYS-IN-SERVICE"],
    threats=["T-INTEG-07", "T-AVAIL-02"],
    weakness=["CWE-20"],
    role=Role.ACCEPTOR,
    needs={Claim.VERIFICATION_SCP},
    severity=Severity.LOW,
    twin="ASC-900",
    control="ignores_data_set_type",
    oracles=[refuses_operation()],
)
def misses_an_announced_data_set(stage: Stage) -> None:
    """A command that announces a data set is not served when another command comes in its place.

    Two readers that disagree on whether a data set follows take the next bytes for different
    things, and so see different messages from there on. A C-ECHO has no data set, so announcing
    one is false already; a good device refuses it, or aborts at the latest when the data set that
    it was promised turns out to be a command.

    Remedy: Compare Command Data Set Type with the service and with what follows; abort otherwise.
    """
    with Requestor(stage) as attacker:
        attacker.associate()
        command = wire.c_echo_rq(attacker.next_message_id())
        send_lying_command(attacker, command.replacing("CommandDataSetType", DATA_SET_FOLLOWS))
        attacker.invoke(wire.c_echo_rq(attacker.next_message_id()))
        attacker.wait_for_ending()
