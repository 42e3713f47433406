"""WEB-09: archives that contradict themselves."""

from harness.model import Role, Safety, Severity
from harness.oracles.web_bounds import answers_in_order
from harness.oracles.web_service import serves_the_web
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import UPLOADS
from simulators.corpus.archives import BROKEN, NAME
from simulators.web.client import WebClient
from simulators.web.honest import look
from simulators.web.target import entitled
from simulators.web.uploads import require_upload, upload


@scenario(
    id="WEB-009F",
    verifies=["HOUSE/STAYS-IN-SERVICE"],
    threats=["T-AVAIL-02"],
    weakness=["CWE-20"],
    role=Role.ACCEPTOR,
    needs=UPLOADS,
    severity=Severity.MEDIUM,
    twin="WEB-904",
    control="web_dies_of_broken_archives",
    oracles=[answers_in_order(), serves_the_web()],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
)
def uploads_broken_archives(stage: Stage) -> None:
    """Archives that are ciphered, cut or contradict themselves end nothing.

    The directory of an archive stands at its end and points anywhere. Readers that follow it
    without looking read past the end, or wait for a password that nobody types.

    Remedy: Check every offset and length against the upload before using it, and refuse ciphered
    members.
    """
    require_upload(stage)
    for name, maker in BROKEN.makers.items():
        with WebClient(stage) as client:
            request = upload(stage, maker(stage.token)[NAME])
            client.ask(entitled(stage, request), what=f"archive: {name}", lie=["body"])
            if client.silent:
                return
    look(stage)
