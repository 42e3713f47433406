"""WEB-09: an archive with a link, and a file behind it."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import no_file_outside
from harness.oracles.web_service import serves_the_web
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import UPLOADS
from simulators.corpus.archives import NAME, linking
from simulators.lab import lab_of
from simulators.web.client import WebClient
from simulators.web.honest import look
from simulators.web.target import entitled
from simulators.web.uploads import require_upload, upload


@scenario(
    id="WEB-009D",
    verifies=["HOUSE/FILES-INSIDE", "HOUSE/NO-LINKS"],
    threats=["T-INTEG-02"],
    weakness=["CWE-61"],
    role=Role.ACCEPTOR,
    needs=UPLOADS | {Claim.STORAGE_FOLDER},
    severity=Severity.CRITICAL,
    twin="WEB-904",
    control="web_unzips_links",
    oracles=[no_file_outside(), serves_the_web()],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
    alone=True,
)
def uploads_links(stage: Stage) -> None:
    """A link in an uploaded archive is not made, and nothing is written through it.

    The names of such an archive are harmless: a link to a folder elsewhere, and then a file in that
    link. Whoever checks names and unpacks in order writes through it.

    Remedy: Take plain files only; make no links, whatever the archive says of its members.
    """
    require_upload(stage)
    outside = str(lab_of(stage).canary / stage.token)
    content = linking("file-behind-a-link", stage.token, outside, outside)[NAME]
    with WebClient(stage) as client:
        client.ask(entitled(stage, upload(stage, content)), lie=["body"])
    look(stage)
