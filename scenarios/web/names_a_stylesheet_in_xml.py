"""WEB-10: metadata in XML with a stylesheet."""

from harness.model import Role, Safety, Severity
from harness.oracles.web_service import fetches_nothing, serves_the_web
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import FINDS, require_web
from simulators.objects import synthetic_dataset
from simulators.web.canary import Listener
from simulators.web.client import WebClient
from simulators.web.honest import look
from simulators.web.target import entitled
from simulators.web.xml import stow_xml, styled


@scenario(
    id="WEB-010C",
    verifies=["HOUSE/WEB-XML-IS-DATA", "HOUSE/WEB-NO-FETCHING"],
    threats=["T-CONF-31"],
    weakness=["CWE-611"],
    role=Role.ACCEPTOR,
    needs=FINDS,
    severity=Severity.HIGH,
    twin="WEB-900",
    control="web_xml_stylesheet",
    oracles=[fetches_nothing(), serves_the_web()],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
)
def names_a_stylesheet_in_xml(stage: Stage) -> None:
    """A stylesheet that metadata in XML name is not fetched.

    Servers that turn XML into something else by XSLT may take the stylesheet from the document
    itself. Whoever writes the stylesheet writes a program.

    Remedy: Ignore processing instructions of what others send, and take stylesheets from your own
    files.
    """
    require_web(stage)
    with Listener(stage) as canary, WebClient(stage) as client:
        document = styled(synthetic_dataset(stage), f"{canary.url}style.xsl")
        client.ask(entitled(stage, stow_xml(stage, document)), lie=["body"])
    look(stage)
