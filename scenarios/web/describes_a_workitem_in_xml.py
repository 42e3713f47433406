"""WEB-903B: an honest workitem in XML."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.web import answers_with
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import FINDS, require_web
from simulators.web.client import WebClient
from simulators.web.honest import ask_politely
from simulators.web.target import entitled
from simulators.web.workitems import create_xml, retrieve, workitem_of


@scenario(
    id="WEB-903B",
    verifies=["HOUSE/HONEST-SERVICE"],
    threats=["T-INTEG-08"],
    weakness=[],
    role=Role.ACCEPTOR,
    needs=FINDS | {Claim.WEB_UPS, Claim.WEB_UPS_XML},
    severity=Severity.MEDIUM,
    twin=None,
    control="web_ups_xml_refused",
    oracles=[answers_with("label")],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
)
def describes_a_workitem_in_xml(stage: Stage) -> None:
    """A workitem that was created in XML is given back.

    A device that takes no XML refuses every document that is an attack.

    Remedy: Take the media type that the capabilities name (PS3.18 8.9).
    """
    require_web(stage)
    item = workitem_of(stage)
    ask_politely(stage, create_xml(stage, item))
    with WebClient(stage) as client:
        request = entitled(stage, retrieve(stage, item))
        client.ask(request, stimulus=True, marks={"label": b"Synthetic step"})
