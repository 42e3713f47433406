"""WEB-05: metadata that say where the rest of the object is."""

from harness.model import Role, Safety, Severity
from harness.oracles.web_service import fetches_nothing, serves_the_web
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import FINDS
from simulators.web.canary import Listener
from simulators.web.client import WebClient
from simulators.web.documents import stow_metadata, with_bulk_data_at
from simulators.web.honest import look
from simulators.web.target import entitled


@scenario(
    id="WEB-005",
    verifies=["HOUSE/WEB-NO-FETCHING"],
    threats=["T-CONF-31"],
    weakness=["CWE-918"],
    references=["CVE-2025-24485"],
    role=Role.ACCEPTOR,
    needs=FINDS,
    severity=Severity.HIGH,
    twin="WEB-900",
    control="web_fetches_bulk_data",
    oracles=[fetches_nothing(), serves_the_web()],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
)
def plants_an_address(stage: Stage) -> None:
    """A BulkDataURI in a store request is not called.

    A server stands where its clients do not: one that fetches what they name asks databases,
    consoles and cloud services in its own name, and brings the answers out as pixels. The address
    is a listener of ours on loopback that gives two octets.

    Remedy: Take bulk data from parts of the same request only.
    """
    with Listener(stage) as canary, WebClient(stage) as client:
        body = with_bulk_data_at(stage, canary.url)
        client.ask(entitled(stage, stow_metadata(stage, body)), stimulus=True)
    look(stage)
