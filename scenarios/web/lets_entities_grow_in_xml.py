"""WEB-10: metadata in XML that grow."""

from harness.model import Role, Safety, Severity
from harness.oracles import peak_memory_below
from harness.oracles.web_service import serves_the_web
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import FINDS, require_web
from simulators.objects import synthetic_dataset
from simulators.web.client import WebClient
from simulators.web.honest import look
from simulators.web.target import entitled
from simulators.web.xml import stow_xml, swelling


@scenario(
    id="WEB-010B",
    verifies=["HOUSE/WEB-XML-IS-DATA", "HOUSE/BOUNDED-MEMORY"],
    threats=["T-AVAIL-05"],
    weakness=["CWE-776"],
    role=Role.ACCEPTOR,
    needs=FINDS,
    severity=Severity.HIGH,
    twin="WEB-900",
    control="web_xml_expands",
    oracles=[peak_memory_below(128), serves_the_web()],
    budget_s=90,
    safety=Safety.STORES_OBJECTS,
    alone=True,
)
def lets_entities_grow_in_xml(stage: Stage) -> None:
    """Entities in metadata in XML that hold each other are not expanded.

    Five entities of twelve references each are two kilobytes, and 250 MiB of text for whoever
    expands them; with five more they would be more than any memory.

    Remedy: Refuse a document type, or limit what entities may grow to.
    """
    require_web(stage)
    with WebClient(stage) as client:
        request = entitled(stage, stow_xml(stage, swelling(synthetic_dataset(stage))))
        client.ask(request, lie=["body"], timeout_s=30.0)
    look(stage)
