"""DIM-03: a response that answers no request is sent to the acceptor."""

from harness.model import Claim, Role, Severity
from harness.oracles import not_carried_out
from harness.registry import scenario
from harness.stage import Stage
from simulators import wire
from simulators.queries import send_lying_command
from simulators.requestor import ANSWER_S, Requestor

_RESPONSES = {"C-ECHO-RSP": 0x8030, "C-STORE-RSP": 0x8001, "all ones": 0xFFFF}


@scenario(
    id="DIM-003B",
    verifies=["PS3.7/C.5", "PS3.7/E.1", "HOUSE/CONTEXT-CHECK"],
    threats=["T-AVAIL-02", "T-INTEG-04"],
    weakness=["CWE-20"],
    role=Role.ACCEPTOR,
    needs={Claim.VERIFICATION_SCP},
    severity=Severity.MEDIUM,
    twin="ASC-900",
    control="answers_any_command",
    oracles=[not_carried_out()],
    vary=[{"field": name} for name in _RESPONSES],
)
def does_not_carry_out_responses(stage: Stage) -> None:
    """A response to a request that was never made is not carried out as a request.

    Whoever ignores the top bit of the command field treats a response as the request that it
    resembles, and answers an answer: two such devices keep each other busy for ever. A good device
    aborts; one that drops the message unanswered does no harm either.

    Remedy: Take responses only for requests that are outstanding, and abort on any other.
    """
    with Requestor(stage) as attacker:
        attacker.associate()
        field = _RESPONSES[str(stage.case["field"])]
        response = wire.c_echo_rsp(attacker.next_message_id())
        send_lying_command(attacker, response.replacing("CommandField", field))
        attacker.wait_for_ending(ANSWER_S)
