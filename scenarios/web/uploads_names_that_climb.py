"""WEB-09: an archive whose names lead outside."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import no_file_outside
from harness.oracles.web_service import serves_the_web
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import UPLOADS
from simulators.corpus.archives import NAME, climbing
from simulators.lab import lab_of
from simulators.web.client import WebClient
from simulators.web.honest import look
from simulators.web.target import entitled
from simulators.web.uploads import require_upload, upload

_NAMES = ("one-up", "three-up", "backslashes", "absolute", "behind-a-dot")


@scenario(
    id="WEB-009C",
    verifies=["HOUSE/FILES-INSIDE"],
    threats=["T-INTEG-02"],
    weakness=["CWE-22"],
    references=["CVE-2018-1002200"],
    role=Role.ACCEPTOR,
    needs=UPLOADS | {Claim.STORAGE_FOLDER},
    severity=Severity.CRITICAL,
    twin="WEB-904",
    control="web_unzips_outside",
    oracles=[no_file_outside(), serves_the_web()],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
    alone=True,
)
def uploads_names_that_climb(stage: Stage) -> None:
    """Names in an uploaded archive that climb out of the folder create no file there.

    Archives are unpacked into a folder before they are imported. A name with dots, a drive or a
    leading slash writes a start script or a web page beside it.

    Remedy: Read members one by one without their names, or refuse names that are no plain relative
    paths.
    """
    require_upload(stage)
    absent = str(lab_of(stage).canary / stage.token)
    for case in _NAMES:
        with WebClient(stage) as client:
            request = upload(stage, climbing(case, f"{stage.token}-{case}", absent)[NAME])
            client.ask(entitled(stage, request), what=f"archive with a name: {case}", lie=["body"])
    look(stage)
