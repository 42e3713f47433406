"""WEB-07: Content-Length and Transfer-Encoding in one message."""

from harness.model import Role, Severity
from harness.oracles.web_service import reads_one_message, serves_the_web
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import FINDS
from simulators.web.honest import look
from simulators.web.smuggling import by_both, count_answers


@scenario(
    id="WEB-007D",
    verifies=["HOUSE/WEB-ONE-READING"],
    threats=["T-INTEG-07"],
    weakness=["CWE-444"],
    role=Role.ACCEPTOR,
    needs=FINDS,
    severity=Severity.HIGH,
    twin="WEB-900",
    control="web_both_lengths",
    oracles=[reads_one_message(), serves_the_web()],
    budget_s=60,
    vary=[{"obeyed": which} for which in ("length", "coding")],
)
def smuggles_by_length_and_coding(stage: Stage) -> None:
    """A message with both Content-Length and Transfer-Encoding is refused and ends the connection.

    Where a proxy obeys one and the server the other, a request travels inside the body of another,
    past every rule of the proxy (RFC 9112 6.1 and 11.2). The hidden request is an honest search.

    Remedy: Answer 400 and close the connection.
    """
    count_answers(stage, by_both(stage, str(stage.case["obeyed"])))
    look(stage)
