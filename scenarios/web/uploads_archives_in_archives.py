"""WEB-09: archives in archives."""

from harness.model import Role, Safety, Severity
from harness.oracles import peak_memory_below
from harness.oracles.web_service import serves_the_web
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import UPLOADS
from simulators.corpus.archives import NAME, NESTED
from simulators.web.client import WebClient
from simulators.web.honest import look
from simulators.web.target import entitled
from simulators.web.uploads import require_upload, upload


@scenario(
    id="WEB-009E",
    verifies=["HOUSE/BOUNDED-INFLATE", "HOUSE/BOUNDED-MEMORY"],
    threats=["T-AVAIL-05"],
    weakness=["CWE-409"],
    role=Role.ACCEPTOR,
    needs=UPLOADS,
    severity=Severity.HIGH,
    twin="WEB-904",
    control="web_unzips_nested",
    oracles=[peak_memory_below(128), serves_the_web()],
    budget_s=90,
    safety=Safety.STORES_OBJECTS,
    alone=True,
)
def uploads_archives_in_archives(stage: Stage) -> None:
    """Archives within an uploaded archive are not expanded without a limit.

    Each of them is small, and so is what it expands to: sixteen archives, three times over, end in
    64 GiB. A limit for each archive is passed by all of them.

    Remedy: Expand no archive that comes out of one, or let one limit hold for the whole upload.
    """
    require_upload(stage)
    with WebClient(stage) as client:
        request = upload(stage, NESTED.makers["tree-of-4096"](stage.token)[NAME])
        client.ask(entitled(stage, request), lie=["body"], timeout_s=10.0)
    look(stage)
