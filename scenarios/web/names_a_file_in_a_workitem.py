"""WEB-10: a workitem in XML with entities elsewhere."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.web import gives_away_nothing
from harness.oracles.web_service import fetches_nothing, serves_the_web
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import FINDS, require_web
from simulators.web.canary import Listener
from simulators.web.client import WebClient
from simulators.web.honest import look
from simulators.web.paths import plant_canary
from simulators.web.target import entitled
from simulators.web.workitems import create_xml, retrieve, scheduled, workitem_of
from simulators.web.xml import external


@scenario(
    id="WEB-010D",
    verifies=["HOUSE/WEB-XML-IS-DATA", "HOUSE/WEB-NO-FETCHING"],
    threats=["T-CONF-04", "T-CONF-31"],
    weakness=["CWE-611"],
    role=Role.ACCEPTOR,
    needs=FINDS | {Claim.WEB_UPS, Claim.WEB_UPS_XML},
    severity=Severity.CRITICAL,
    twin="WEB-903B",
    control="web_ups_xml_external",
    oracles=[
        gives_away_nothing("a file of the server is in its answer"),
        fetches_nothing(),
        serves_the_web(),
    ],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
)
def names_a_file_in_a_workitem(stage: Stage) -> None:
    """Entities of a workitem in XML open no file and call no address.

    A workitem is kept and given back: what an entity has brought into it can be read at leisure, by
    a request that is honest.

    Remedy: Refuse a document type (PS3.19 A.1 has none), or switch external entities off in the
    parser.
    """
    require_web(stage)
    file, dataset = plant_canary(stage), scheduled(stage)
    marks = {"the file": stage.token.encode()[::-1][:16]}
    with Listener(stage) as canary:
        for number, address in enumerate((file.as_uri(), canary.url), 1):
            item = workitem_of(stage, number)
            for request in (
                create_xml(stage, item, external(dataset, address)),
                retrieve(stage, item),
            ):
                with WebClient(stage) as client:
                    client.ask(entitled(stage, request), stimulus=True, marks=marks)
    look(stage)
