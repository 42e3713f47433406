"""WEB-15: a head of many fields."""

from dataclasses import replace

from harness.model import Role, Severity
from harness.oracles.web import turns_away
from harness.oracles.web_service import serves_the_web
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import FINDS
from simulators.web.client import WebClient
from simulators.web.honest import look, qido
from simulators.web.target import entitled

_FIELDS = 20_000


@scenario(
    id="WEB-015",
    verifies=["HOUSE/WEB-BOUNDED"],
    threats=["T-AVAIL-03", "T-AVAIL-04"],
    weakness=["CWE-770"],
    role=Role.ACCEPTOR,
    needs=FINDS,
    severity=Severity.MEDIUM,
    twin="WEB-900",
    control="web_headers_unbounded",
    oracles=[turns_away(400, 413, 431), serves_the_web()],
    budget_s=60,
)
def sends_a_flood_of_fields(stage: Stage) -> None:
    """A head of twenty thousand fields is refused.

    Bodies are limited more often than heads, which every server holds in memory before it knows
    who asks. The flood is half a megabyte.

    Remedy: Limit number and size of header fields and answer 431 (RFC 6585 5).
    """
    search = entitled(stage, qido(stage, limit="1"))
    flood = [(f"X-Assay-{number:05d}", "aaaaaaaa") for number in range(_FIELDS)]
    with WebClient(stage) as client:
        request = replace(search, headers=(*search.headers, *flood))
        client.ask(request, what=f"{_FIELDS} fields", stimulus=True)
    look(stage)
