"""WEB-10: metadata in XML with entities elsewhere."""

from harness.model import Role, Safety, Severity
from harness.oracles.web import gives_away_nothing
from harness.oracles.web_service import fetches_nothing, serves_the_web
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import FINDS, require_web
from simulators.objects import synthetic_dataset
from simulators.web.canary import Listener
from simulators.web.client import WebClient
from simulators.web.honest import look
from simulators.web.paths import plant_canary
from simulators.web.target import entitled
from simulators.web.xml import external, external_subset, stow_xml


@scenario(
    id="WEB-010",
    verifies=["HOUSE/WEB-XML-IS-DATA", "HOUSE/WEB-NO-FETCHING"],
    threats=["T-CONF-04", "T-CONF-31"],
    weakness=["CWE-611"],
    role=Role.ACCEPTOR,
    needs=FINDS,
    severity=Severity.CRITICAL,
    twin="WEB-900",
    control="web_xml_external",
    oracles=[
        gives_away_nothing("a file of the server is in its answer"),
        fetches_nothing(),
        serves_the_web(),
    ],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
)
def names_a_file_in_xml(stage: Stage) -> None:
    """Entities in metadata in XML open no file and call no address.

    XML may name texts elsewhere, and parsers fetch them unless they are told not to: files of the
    server come out in an answer, and neighbours are called in its name. The Native DICOM Model
    needs none of it.

    Remedy: Refuse a document type (PS3.19 A.1 has none), or switch external entities off in the
    parser.
    """
    require_web(stage)
    file, dataset = plant_canary(stage), synthetic_dataset(stage)
    marks = {"the file": stage.token.encode()[::-1][:16]}
    with Listener(stage) as canary:
        documents = {
            "a file": external(dataset, file.as_uri()),
            "an address": external(dataset, canary.url),
            "a document type": external_subset(dataset, f"{canary.url}type.dtd"),
        }
        for name, document in documents.items():
            with WebClient(stage) as client:
                request = entitled(stage, stow_xml(stage, document))
                client.ask(request, what=f"XML with {name}", lie=["body"], marks=marks)
    look(stage)
