"""WEB-02: the token of one patient, and the UIDs of another."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.web import gives_away_nothing
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import GUARDED, request_of, require_served
from simulators.web.client import WebClient
from simulators.web.honest import store_by_web
from simulators.web.target import patient_token_of, with_token


@scenario(
    id="WEB-002",
    verifies=["HOUSE/WEB-OBJECT-RIGHTS"],
    threats=["T-CONF-42", "T-CONF-30"],
    weakness=["CWE-639"],
    references=["CVE-2026-25927"],
    role=Role.ACCEPTOR,
    needs=GUARDED | {Claim.WEB_PATIENT_TOKEN},
    severity=Severity.CRITICAL,
    twin="WEB-902",
    control="web_ignores_owner",
    oracles=[gives_away_nothing("the token of one patient opens another's study")],
    budget_s=30,
    safety=Safety.STORES_OBJECTS,
    vary=[{"route": route} for route in ("search", "series", "metadata", "instance")],
)
def reads_another_patient(stage: Stage) -> None:
    """The token of one patient opens no other patient's study, by any way to it.

    UIDs stand in links, reports and logs, and many can be counted up. A server that checks that
    there is a token, and not whose, opens every study to every patient of a portal.

    Remedy: Decide for each object by its patient, in one place that every route passes.
    """
    thing = store_by_web(stage)
    request = request_of(stage, str(stage.case["route"]), thing)
    require_served(stage, request)
    marks = {"pixels": bytes(range(256)), "patient": f"SYN{stage.token[:12]}".encode()}
    with WebClient(stage) as client:
        client.ask(with_token(request, patient_token_of(stage)), stimulus=True, marks=marks)
