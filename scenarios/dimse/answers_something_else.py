"""DIM-15: the response belongs to another request, or to none."""

from harness.model import Claim, Role, Severity
from harness.oracles import client_refuses
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from simulators import wire
from simulators.acceptor import Acceptor
from simulators.wire import uids

_FOREIGN = 0x7FFF
_CASES = ("another message id", "another command", "a request", "no status", "before the request")


@scenario(
    id="DIM-115",
    verifies=["PS3.7/9.3", "HOUSE/CLIENT-TELLS-FAILURE"],
    threats=["T-INTEG-05"],
    weakness=["CWE-345"],
    role=Role.REQUESTOR,
    needs={Claim.VERIFICATION_SCU},
    severity=Severity.MEDIUM,
    twin="ASC-950",
    control="scu_takes_any_response",
    oracles=[client_refuses(Outcome.ABORTED, Outcome.RELEASED)],
    vary=[{"response": name} for name in _CASES],
)
def answers_something_else(stage: Stage) -> None:
    """A requestor takes only the response to its own request for an answer.

    The Message ID and the command field say what a response belongs to. A device that takes any
    message for its answer reports a success that nobody has confirmed, the more so where several
    operations share an association.

    Remedy: Compare Message ID Being Responded To and the command field with the request, and demand
    a status; abort, or report a failure, when they do not fit.
    """
    case = stage.case["response"]
    with Acceptor(stage) as hostile:
        if case == "before the request":
            early = wire.p_data(hostile.first_context(), wire.c_echo_rsp(_FOREIGN))
            hostile.send(
                wire.encode(hostile.accept()) + b"".join(map(wire.encode, early)),
                stimulus=True,
                what="A-ASSOCIATE-AC and a response",
            )
            hostile.message(hostile.reaction_s)
        else:
            asked = hostile.first_request()
            number = asked.command.integer("MessageID") or 0
            answers = {
                "another message id": wire.c_echo_rsp(number ^ _FOREIGN),
                "another command": wire.c_store_rsp(uids.VERIFICATION, "1.2.3", number),
                "a request": wire.c_echo_rq(number),
                "no status": wire.c_echo_rsp(number).without("Status"),
            }
            hostile.invoke(asked.context_id, answers[str(case)], stimulus=True)
        hostile.see_out()
