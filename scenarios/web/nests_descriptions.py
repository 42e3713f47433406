"""WEB-11: metadata in JSON, sequence in sequence."""

from harness.model import Role, Severity
from harness.oracles.web import turns_away
from harness.oracles.web_service import serves_the_web
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import FINDS
from simulators.web.client import WebClient
from simulators.web.documents import deep, stow_metadata
from simulators.web.honest import look
from simulators.web.target import entitled

_DEPTH = 20_000


@scenario(
    id="WEB-011",
    verifies=["HOUSE/BOUNDED-DEPTH", "HOUSE/STAYS-IN-SERVICE"],
    threats=["T-AVAIL-02", "T-AVAIL-05"],
    weakness=["CWE-674"],
    role=Role.ACCEPTOR,
    needs=FINDS,
    severity=Severity.HIGH,
    twin="WEB-900",
    control="web_json_recurses",
    oracles=[turns_away(400, 409, 413, 415), serves_the_web()],
    budget_s=60,
)
def nests_descriptions(stage: Stage) -> None:
    """Metadata in JSON with sequences in sequences does not exhaust the server.

    Twenty thousand levels are less than a megabyte, and a parser that calls itself for each of them
    runs out of stack, which in most languages ends the process.

    Remedy: Limit the depth before parsing, or parse without recursion.
    """
    with WebClient(stage) as client:
        request = stow_metadata(stage, deep(stage, _DEPTH))
        client.ask(entitled(stage, request), what="deep JSON", lie=["body"])
    look(stage)
