"""WEB-09: an archive of zeros."""

from harness.model import Role, Safety, Severity
from harness.oracles import peak_memory_below
from harness.oracles.web_service import serves_the_web
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import UPLOADS
from simulators.corpus.archives import NAME, swollen
from simulators.web.client import WebClient
from simulators.web.honest import look
from simulators.web.target import entitled
from simulators.web.uploads import require_upload, upload

_MEBIBYTES = 200


@scenario(
    id="WEB-009",
    verifies=["HOUSE/BOUNDED-INFLATE", "HOUSE/BOUNDED-MEMORY"],
    threats=["T-AVAIL-03", "T-AVAIL-05"],
    weakness=["CWE-409"],
    references=["CVE-2026-5439"],
    role=Role.ACCEPTOR,
    needs=UPLOADS,
    severity=Severity.HIGH,
    twin="WEB-904",
    control="web_unzips_without_limit",
    oracles=[peak_memory_below(128), serves_the_web()],
    budget_s=90,
    safety=Safety.STORES_OBJECTS,
    alone=True,
)
def uploads_a_bomb(stage: Stage) -> None:
    """An uploaded archive that swells to 200 MiB is not expanded in memory.

    Zeros pack a thousandfold, so that an archive within every limit on uploads fills the memory of
    whoever expands it before looking.

    Remedy: Count while expanding, and refuse the archive at a limit for each member and for all of
    them.
    """
    require_upload(stage)
    with WebClient(stage) as client:
        request = upload(stage, swollen(1, _MEBIBYTES, stage.token)[NAME])
        client.ask(entitled(stage, request), lie=["body"], timeout_s=10.0)
    look(stage)
