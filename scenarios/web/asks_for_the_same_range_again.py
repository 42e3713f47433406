"""WEB-15: one range, a hundred times."""

from dataclasses import replace

from harness.model import Role, Safety, Severity
from harness.oracles.web_bounds import answers_no_more_than
from harness.oracles.web_service import serves_the_web
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import GIVES, require_web
from simulators.web.client import WebClient
from simulators.web.honest import ask_politely, look, store_by_web, wado
from simulators.web.target import entitled

_RANGES = 100


@scenario(
    id="WEB-015B",
    verifies=["HOUSE/WEB-BOUNDED"],
    threats=["T-AVAIL-04"],
    weakness=["CWE-400"],
    role=Role.ACCEPTOR,
    needs=GIVES,
    severity=Severity.MEDIUM,
    twin="WEB-901",
    control="web_serves_every_range",
    oracles=[answers_no_more_than(4), serves_the_web()],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
)
def asks_for_the_same_range_again(stage: Stage) -> None:
    """A hundred ranges that overlap are not all served.

    One small request for the whole object, a hundred times in one header field, makes an answer
    that is a hundred times as long; a few of them fill a line or a memory (RFC 9110 14.2).

    Remedy: Join ranges that overlap, or ignore the field where there are many.
    """
    require_web(stage)
    thing = store_by_web(stage, Rows=128, Columns=128, PixelData=bytes(128 * 128))
    request = wado(stage, thing)
    ask_politely(stage, request)
    ranges = ", ".join(f"{first}-16000" for first in range(_RANGES))
    request = replace(request, headers=(*request.headers, ("Range", f"bytes={ranges}")))
    with WebClient(stage) as client:
        client.ask(entitled(stage, request), lie=["Range"])
    look(stage)
