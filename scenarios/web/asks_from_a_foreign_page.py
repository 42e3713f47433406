"""WEB-12: requests as a page of another origin makes them."""

from dataclasses import replace

from harness.model import Role, Severity
from harness.oracles.web import admits_no_origin
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import FINDS
from simulators.web.client import WebClient
from simulators.web.honest import qido
from simulators.web.request import Request
from simulators.web.target import entitled

_STRANGER = "https://stranger.invalid"


@scenario(
    id="WEB-012",
    verifies=["HOUSE/WEB-FOREIGN-ORIGIN"],
    threats=["T-CONF-42", "T-CONF-03"],
    weakness=["CWE-942"],
    role=Role.ACCEPTOR,
    needs=FINDS,
    severity=Severity.MEDIUM,
    twin="WEB-900",
    control="web_cors_any",
    oracles=[admits_no_origin()],
    budget_s=30,
)
def asks_from_a_foreign_page(stage: Stage) -> None:
    """A page of any origin does not read answers with the credentials of its visitor.

    Servers that give back whatever origin asks, and allow credentials, let every page that a
    radiologist visits read the archive as that radiologist.

    Remedy: List the origins of your own viewers.
    """
    search = entitled(stage, qido(stage, limit="1"))
    origin = ("Origin", _STRANGER)
    preflight = Request(
        method="OPTIONS",
        target=search.target,
        headers=(
            origin,
            ("Access-Control-Request-Method", "GET"),
            ("Access-Control-Request-Headers", "authorization"),
        ),
    )
    for request in (replace(search, headers=(*search.headers, origin)), preflight):
        with WebClient(stage) as client:
            client.ask(request, stimulus=True)
