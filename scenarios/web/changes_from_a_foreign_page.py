"""WEB-12: a change that a page of another origin causes."""

from dataclasses import replace

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.web import turns_away
from harness.oracles.web_service import changes_nothing
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import UPLOADS, other_study, require_web
from simulators.objects import part10
from simulators.web.client import WebClient
from simulators.web.honest import witness_holding
from simulators.web.passwords import require_password
from simulators.web.target import login_of, with_basic
from simulators.web.uploads import require_upload, upload


@scenario(
    id="WEB-012B",
    verifies=["HOUSE/WEB-FOREIGN-CHANGE", "HOUSE/NO-EFFECT"],
    threats=["T-INTEG-01"],
    weakness=["CWE-352"],
    role=Role.ACCEPTOR,
    needs=UPLOADS | {Claim.WEB_LOGIN},
    severity=Severity.HIGH,
    twin="WEB-904",
    control="web_ignores_origin",
    oracles=[turns_away(403), changes_nothing()],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
)
def changes_from_a_foreign_page(stage: Stage) -> None:
    """A page of another origin stores nothing with the password of its visitor.

    A browser adds a password that it knows to whatever any page sends, and asks nobody for a body
    of plain text. Origin and Sec-Fetch-Site say where the request comes from.

    Remedy: Refuse changes whose Origin is not yours, or take a token that pages must add
    themselves.
    """
    require_web(stage)
    require_password(stage)
    require_upload(stage)
    study = other_study(stage)
    content = part10(stage, 2, StudyInstanceUID=study, SeriesInstanceUID=f"{study}.1")
    request = upload(stage, content, "text/plain")
    foreign = (("Origin", "https://stranger.invalid"), ("Sec-Fetch-Site", "cross-site"))
    request = replace(request, headers=(*request.headers, *foreign))
    with WebClient(stage) as client:
        client.ask(with_basic(request, login_of(stage).basic), lie=["Origin", "Sec-Fetch-Site"])
    witness_holding(stage, study)
