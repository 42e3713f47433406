"""ASC-15 for requestors: the response comes on a context that was not accepted."""

from harness.model import Claim, Role, Severity
from harness.oracles import client_refuses
from harness.registry import scenario
from harness.stage import Stage
from simulators import wire
from simulators.acceptor import Acceptor

_CONTEXTS = {"never proposed": 253, "even": 2, "zero": 0}


@scenario(
    id="ASC-115",
    verifies=["PS3.8/9.2", "HOUSE/CONTEXT-CHECK", "HOUSE/CLIENT-TELLS-FAILURE"],
    threats=["T-INTEG-05"],
    weakness=["CWE-345"],
    role=Role.REQUESTOR,
    needs={Claim.VERIFICATION_SCU},
    severity=Severity.MEDIUM,
    twin="ASC-950",
    control="scu_ignores_context",
    oracles=[client_refuses()],
    vary=[{"context": name} for name in _CONTEXTS],
)
def answers_on_a_foreign_context(stage: Stage) -> None:
    """A requestor takes no response on a presentation context that was not accepted.

    The context says which service and which encoding a message has. An answer on another one
    belongs to nothing that was negotiated, and whoever takes it decodes it by a guess. A good
    device aborts.

    Remedy: Look each context id of a P-DATA-TF up among those accepted, and abort on any other.
    """
    with Acceptor(stage) as hostile:
        asked = hostile.first_request()
        answer = wire.c_echo_rsp(asked.command.integer("MessageID") or 0)
        foreign = _CONTEXTS[str(stage.case["context"])]
        hostile.invoke(foreign, answer, stimulus=True)
        hostile.see_out()
