"""WEB-904: an honest archive, uploaded."""

from harness.model import Role, Safety, Severity
from harness.oracles.web import answers_with
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import UPLOADS, require_web
from simulators.corpus.archives import packed
from simulators.objects import part10
from simulators.web.client import WebClient
from simulators.web.honest import as_stored, ask_politely, qido
from simulators.web.target import entitled
from simulators.web.uploads import upload


@scenario(
    id="WEB-904",
    verifies=["HOUSE/HONEST-SERVICE"],
    threats=["T-INTEG-08"],
    weakness=[],
    role=Role.ACCEPTOR,
    needs=UPLOADS,
    severity=Severity.MEDIUM,
    twin=None,
    control="web_import_forgets",
    oracles=[answers_with("study")],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
)
def uploads_what_it_finds(stage: Stage) -> None:
    """An object that was uploaded in a ZIP archive is found by QIDO-RS.

    Portals take archives because patients bring them. A device that stores none of them also
    refuses every archive that is an attack.

    Remedy: Store what is acknowledged, and index it before the acknowledgement.
    """
    require_web(stage)
    thing = as_stored(stage)
    ask_politely(stage, upload(stage, packed(("IMAGES/ONE", part10(stage)))))
    with WebClient(stage) as client:
        request = entitled(stage, qido(stage, StudyInstanceUID=thing.study))
        client.ask(request, stimulus=True, marks={"study": thing.study.encode()})
