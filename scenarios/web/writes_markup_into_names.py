"""WEB-13: markup in the name of a patient, and in a search."""

from urllib.parse import quote

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.web import escapes_markup
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import FINDS, ask_each
from simulators.web.honest import store_by_web
from simulators.web.request import Request
from simulators.web.target import web_of


@scenario(
    id="WEB-013C",
    verifies=["HOUSE/WEB-TEXT-IS-NO-MARKUP"],
    threats=["T-CONF-42", "T-INTEG-01"],
    weakness=["CWE-79"],
    references=["CVE-2025-54156"],
    role=Role.ACCEPTOR,
    needs=FINDS | {Claim.WEB_PAGE},
    severity=Severity.HIGH,
    twin="WEB-900",
    control="web_unescaped_list",
    oracles=[escapes_markup()],
    budget_s=30,
    safety=Safety.STORES_OBJECTS,
)
def writes_markup_into_names(stage: Stage) -> None:
    """Markup in a patient's name or in a search is text on the page that shows it.

    Whoever may store an object writes into the pages of whoever looks at lists: with a name that
    is a script he acts as the administrator.

    Remedy: Escape every value where the page is made.
    """
    tag = f"<b id=a{stage.token}>"
    store_by_web(stage, PatientName=tag)
    page = str(web_of(stage).page)
    targets = (page, f"{page}?PatientName={quote(tag)}")
    requests = [Request(target=each, headers=(("Accept", "text/html"),)) for each in targets]
    ask_each(stage, requests, {"markup": tag.encode()})
