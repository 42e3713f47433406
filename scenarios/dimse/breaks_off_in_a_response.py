"""DIM-16: a response ends in the middle."""

from harness.model import Claim, Role, Severity
from harness.oracles import client_tells_failure
from harness.registry import scenario
from harness.stage import Stage
from simulators import wire
from simulators.acceptor import Acceptor

_CASES = ("stall in the PDU", "stall between fragments", "reset", "close")


@scenario(
    id="DIM-116",
    verifies=["PS3.8/9.2/AA-4", "HOUSE/CLIENT-GIVES-UP", "HOUSE/CLIENT-TELLS-FAILURE"],
    threats=["T-AVAIL-07", "T-INTEG-05"],
    weakness=["CWE-400", "CWE-390"],
    role=Role.REQUESTOR,
    needs={Claim.VERIFICATION_SCU},
    severity=Severity.MEDIUM,
    twin="ASC-950",
    control="scu_waits_forever",
    oracles=[client_tells_failure()],
    vary=[{"end": name} for name in _CASES],
    budget_s=40,
)
def breaks_off_in_a_response(stage: Stage) -> None:
    """A requestor gives up, and says so, when a response breaks off in the middle.

    The first octets of an answer stop some timers for good: what has begun to come is believed to
    come to an end. A good device limits the time of the whole message, and takes a connection that
    ends within one for a failure.

    Remedy: Guard the whole response by a timer, and report the end of the connection as a failure.
    """
    case = str(stage.case["end"])
    with Acceptor(stage) as hostile:
        asked = hostile.first_request()
        answer = wire.c_echo_rsp(asked.command.integer("MessageID") or 0)
        whole = wire.encode(wire.p_data(asked.context_id, answer)[0])
        if case == "stall between fragments":
            begun = wire.encode(wire.p_data(asked.context_id, answer, max_length=32)[0])
        else:
            begun = whole[: len(whole) // 2]
        hostile.send(begun, stimulus=True, what=f"a part of a response, then {case}")
        if case.startswith("stall"):
            hostile.see_out()
        else:
            hostile.break_off(reset=case == "reset")
