"""DIM-03: command fields that mean nothing, or nothing here."""

from harness.model import Claim, Role, Severity
from harness.oracles import refuses_operation
from harness.registry import scenario
from harness.stage import Stage
from simulators import wire
from simulators.queries import send_lying_command
from simulators.requestor import Requestor

_FIELDS = {"zero": 0x0000, "all ones": 0x7FFF, "N-DELETE": 0x0150}


@scenario(
    id="DIM-003",
    verifies=["PS3.7/C.5", "PS3.7/E.1", "HOUSE/CONTEXT-CHECK"],
    threats=["T-AVAIL-02", "T-INTEG-04"],
    weakness=["CWE-20"],
    role=Role.ACCEPTOR,
    needs={Claim.VERIFICATION_SCP},
    severity=Severity.MEDIUM,
    twin="ASC-900",
    control="answers_any_command",
    oracles=[refuses_operation(0x0211)],
    vary=[{"field": name} for name in _FIELDS],
)
def refuses_unknown_commands(stage: Stage) -> None:
    """A command field that is unknown, or not served on its context, is refused.

    The command field chooses the code that runs next. A table that is indexed without a check, or
    a branch for "everything else", carries out what was never negotiated; a server thread that
    dies of an unknown number is lost to others. A good device answers 0211H or aborts.

    Remedy: Answer 0211H (unrecognised operation) to every field that the context does not serve.
    """
    with Requestor(stage) as attacker:
        attacker.associate()
        command = wire.c_echo_rq(attacker.next_message_id())
        field = _FIELDS[str(stage.case["field"])]
        send_lying_command(attacker, command.replacing("CommandField", field))
        attacker.wait_for_ending()
