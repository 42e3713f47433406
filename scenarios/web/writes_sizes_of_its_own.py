"""WEB-07: chunk sizes that are hexadecimal to some readers only."""

from harness.model import Role, Safety, Severity
from harness.oracles.web import turns_away
from harness.oracles.web_service import changes_nothing
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import FINDS
from simulators.objects import part10
from simulators.web import multipart
from simulators.web.client import WebClient
from simulators.web.honest import as_stored, witness_holding
from simulators.web.request import Request
from simulators.web.target import entitled, path_of

_SIZES = {"prefixed": b"0x%x", "signed": b"+%x", "negative": b"-%x", "with-underscore": b"0_%x"}


@scenario(
    id="WEB-007C",
    verifies=["HOUSE/WEB-ONE-READING"],
    threats=["T-INTEG-07"],
    weakness=["CWE-444"],
    role=Role.ACCEPTOR,
    needs=FINDS,
    severity=Severity.MEDIUM,
    twin="WEB-900",
    control="web_lenient_chunks",
    oracles=[turns_away(400), changes_nothing()],
    budget_s=30,
    safety=Safety.STORES_OBJECTS,
    vary=[{"size": name} for name in _SIZES],
)
def writes_sizes_of_its_own(stage: Stage) -> None:
    """A chunk size that is no plain hexadecimal number is refused.

    Number parsers of programming languages take prefixes, signs and underscores; the proxy in front
    does not, and then the two disagree on where the next request begins (RFC 9112 7.1).

    Remedy: Take hexadecimal digits only, and close the connection after anything else.
    """
    body = multipart.body([multipart.Part(content=part10(stage))])
    size = _SIZES[str(stage.case["size"])] % len(body)
    request = Request(
        method="POST",
        target=path_of(stage, "studies"),
        headers=(("Content-Type", multipart.content_type()),),
        chunks=size + b"\r\n" + body + b"\r\n0\r\n\r\n",
    )
    with WebClient(stage) as client:
        client.ask(entitled(stage, request), lie=["body"])
    witness_holding(stage, as_stored(stage).study)
