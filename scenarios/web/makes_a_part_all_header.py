"""WEB-06: a part whose header is as long as an object."""

from harness.model import Role, Safety, Severity
from harness.oracles.web import turns_away
from harness.oracles.web_service import changes_nothing
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import FINDS
from simulators.objects import part10
from simulators.web import multipart
from simulators.web.client import WebClient
from simulators.web.honest import as_stored, stow_body, witness_holding
from simulators.web.target import entitled

_OCTETS = 1 << 20


@scenario(
    id="WEB-006E",
    verifies=["HOUSE/WEB-BOUNDED"],
    threats=["T-AVAIL-03"],
    weakness=["CWE-770"],
    role=Role.ACCEPTOR,
    needs=FINDS,
    severity=Severity.LOW,
    twin="WEB-900",
    control="web_part_header_unbounded",
    oracles=[turns_away(400, 413, 431), changes_nothing()],
    budget_s=30,
    safety=Safety.STORES_OBJECTS,
)
def makes_a_part_all_header(stage: Stage) -> None:
    """A part with a header of a mebibyte is refused.

    Limits on the header of a message are common; those of its parts are read by other code.

    Remedy: Limit the header of a part as that of the message.
    """
    long = b"X-Assay: " + b"a" * _OCTETS + b"\r\n"
    body = multipart.body([multipart.Part(content=part10(stage), fields=long)])
    with WebClient(stage) as client:
        client.ask(entitled(stage, stow_body(stage, body)), stimulus=True)
    witness_holding(stage, as_stored(stage).study)
