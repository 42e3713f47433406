"""WEB-09: an archive that says to be small."""

from harness.model import Role, Safety, Severity
from harness.oracles import peak_memory_below
from harness.oracles.web_service import serves_the_web
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import UPLOADS
from simulators.corpus.archives import NAME, SWELLING
from simulators.web.client import WebClient
from simulators.web.honest import look
from simulators.web.target import entitled
from simulators.web.uploads import require_upload, upload


@scenario(
    id="WEB-009B",
    verifies=["HOUSE/BOUNDED-INFLATE", "HOUSE/BOUNDED-MEMORY"],
    threats=["T-AVAIL-03", "T-AVAIL-05"],
    weakness=["CWE-409"],
    references=["CVE-2026-5439"],
    role=Role.ACCEPTOR,
    needs=UPLOADS,
    severity=Severity.HIGH,
    twin="WEB-904",
    control="web_believes_zip_size",
    oracles=[peak_memory_below(128), serves_the_web()],
    budget_s=90,
    safety=Safety.STORES_OBJECTS,
    alone=True,
)
def uploads_a_bomb_that_lies(stage: Stage) -> None:
    """An uploaded archive is as large as what comes out of it, whatever its directory says.

    A limit that is compared with the declared size stops the honest only: this member says 1024
    octets and is 256 MiB of zeros.

    Remedy: Count what comes out, and refuse a member that is not what its headers say.
    """
    require_upload(stage)
    with WebClient(stage) as client:
        request = upload(stage, SWELLING.makers["larger-than-it-says"](stage.token)[NAME])
        client.ask(entitled(stage, request), lie=["body"], timeout_s=10.0)
    look(stage)
