"""WEB-07: two values of Content-Length."""

from harness.model import Role, Severity
from harness.oracles.web_service import reads_one_message, serves_the_web
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import FINDS
from simulators.web.honest import look
from simulators.web.smuggling import by_two_lengths, count_answers


@scenario(
    id="WEB-007E",
    verifies=["HOUSE/WEB-ONE-READING"],
    threats=["T-INTEG-07"],
    weakness=["CWE-444"],
    role=Role.ACCEPTOR,
    needs=FINDS,
    severity=Severity.HIGH,
    twin="WEB-900",
    control="web_two_lengths",
    oracles=[reads_one_message(), serves_the_web()],
    budget_s=60,
    vary=[{"obeyed": which} for which in ("first", "last")],
)
def gives_two_lengths(stage: Stage) -> None:
    """A message with two different values of Content-Length is refused and ends the connection.

    One reader takes the first, the other the last; what lies between is a request of its own for
    one of them (RFC 9112 6.3). The hidden request is an honest search.

    Remedy: Answer 400 and close the connection.
    """
    count_answers(stage, by_two_lengths(stage, str(stage.case["obeyed"])))
    look(stage)
