"""WEB-911: an honest file, imported."""

from harness.model import Role, Safety, Severity
from harness.oracles.web import answers_with
from harness.registry import scenario
from harness.stage import Stage
from simulators.objects import part10
from simulators.web.client import WebClient
from simulators.web.honest import as_stored, ask_politely, wado
from simulators.web.target import entitled
from simulators.web.ways_in import IMPORTS, import_file


@scenario(
    id="WEB-911",
    verifies=["HOUSE/HONEST-SERVICE"],
    threats=["T-INTEG-08"],
    weakness=[],
    role=Role.ACCEPTOR,
    needs=IMPORTS,
    severity=Severity.MEDIUM,
    twin=None,
    control="web_import_forgets",
    oracles=[answers_with("pixels", "instance")],
    budget_s=30,
    safety=Safety.STORES_OBJECTS,
)
def gives_what_it_imported(stage: Stage) -> None:
    """An honest file that was imported is given back by WADO-RS with its pixels.

    The twin of whatever imports files: who imports nothing has withstood nothing.

    Remedy: Store what is acknowledged, and index it before the acknowledgement.
    """
    thing = as_stored(stage)
    ask_politely(stage, import_file(stage, part10(stage)))
    marks = {"pixels": bytes(range(256)), "instance": thing.sop_instance.encode()}
    with WebClient(stage) as client:
        client.ask(entitled(stage, wado(stage, thing)), stimulus=True, marks=marks)
