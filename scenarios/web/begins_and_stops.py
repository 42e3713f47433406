"""WEB-07: a request that comes drop by drop, and never whole."""

from harness.model import Claim, Role, Severity
from harness.oracles.web_service import gives_up_slow_requests, serves_the_web
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import FINDS
from simulators.web import multipart
from simulators.web.client import WebClient
from simulators.web.honest import look
from simulators.web.request import Request
from simulators.web.target import entitled, path_of, web_of

_GRACE_S = 4.0


@scenario(
    id="WEB-007G",
    verifies=["HOUSE/BOUNDED-TIME", "HOUSE/SERVES-OTHERS"],
    threats=["T-AVAIL-01", "T-AVAIL-10"],
    weakness=["CWE-400"],
    role=Role.ACCEPTOR,
    needs=FINDS | {Claim.WEB_TIMEOUT},
    severity=Severity.HIGH,
    twin="WEB-900",
    control="web_no_request_timeout",
    oracles=[gives_up_slow_requests(), serves_the_web()],
    budget_s=120,
    vary=[{"slow": part} for part in ("head", "body")],
)
def begins_and_stops(stage: Stage) -> None:
    """A request that comes octet by octet is given up when the claimed time is over.

    A timer that starts anew with each octet never ends, and each slow client costs nothing but a
    place. An honest client is served meanwhile.

    Remedy: Give the whole request a deadline, and answer 408.
    """
    limit = web_of(stage).request_timeout_s or 0.0
    request = entitled(
        stage,
        Request(
            method="POST",
            target=path_of(stage, "studies"),
            headers=(("Content-Type", multipart.content_type()),),
            length="4096",
        ),
    )
    with WebClient(stage) as client:
        head = request.encoded(client.address)
        data = head + b"-" * 4096 if stage.case["slow"] == "body" else head
        first = len(head) if stage.case["slow"] == "body" else 0
        client.send(data[:first], stimulus=True, what="head") if first else None
        client.drip(data[first:], size=1, every_s=0.25, for_s=limit + _GRACE_S)
        look(stage)
        client.conclude_answer("a slow request", timeout_s=0.5)
