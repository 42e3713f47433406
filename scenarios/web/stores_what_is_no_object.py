"""WEB-06: parts that say they are something else."""

from harness.model import Role, Safety, Severity
from harness.oracles.web_service import changes_nothing
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import FINDS
from simulators.objects import part10
from simulators.web import multipart
from simulators.web.client import WebClient
from simulators.web.honest import as_stored, stow_body, witness_holding
from simulators.web.target import entitled


@scenario(
    id="WEB-006B",
    verifies=["HOUSE/WEB-STORES-WHAT-WAS-ASKED"],
    threats=["T-INTEG-07"],
    weakness=["CWE-434"],
    role=Role.ACCEPTOR,
    needs=FINDS,
    severity=Severity.MEDIUM,
    twin="WEB-900",
    control="web_multipart_any_type",
    oracles=[changes_nothing()],
    budget_s=30,
    safety=Safety.STORES_OBJECTS,
)
def stores_what_is_no_object(stage: Stage) -> None:
    """A part that says it is a page is not stored as an object.

    A part with two natures is inspected as what it says and used as what it is; the preamble of a
    Part 10 file has room for the other one.

    Remedy: Take application/dicom parts only, and list the others as failed.
    """
    body = multipart.body([multipart.Part(content=part10(stage), media_type="text/html")])
    with WebClient(stage) as client:
        client.ask(entitled(stage, stow_body(stage, body)), stimulus=True)
    witness_holding(stage, as_stored(stage).study)
