"""WEB-18: administrative functions for an ordinary user."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.web import turns_away
from harness.oracles.web_service import changes_nothing
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import FINDS, require_web
from simulators.web.administration import call_each, functions_of
from simulators.web.target import patient_token_of, with_token


@scenario(
    id="WEB-018D",
    verifies=["HOUSE/WEB-ADMINISTRATION", "HOUSE/NO-EFFECT"],
    threats=["T-CONF-30"],
    weakness=["CWE-862"],
    references=["CVE-2023-33466"],
    role=Role.ACCEPTOR,
    needs=FINDS | {Claim.WEB_ADMIN, Claim.WEB_PATIENT_TOKEN},
    severity=Severity.CRITICAL,
    twin="WEB-900",
    control="web_admin_for_all",
    oracles=[turns_away(403, 404), changes_nothing()],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
)
def calls_as_an_ordinary_user(stage: Stage) -> None:
    """Administrative functions do nothing for a user who is no administrator.

    That somebody is known does not say what he may do. The link that shows a patient his images
    must not reach what shows him the device.

    Remedy: Ask for the role in each function, not in the page that shows the button.
    """
    require_web(stage)
    token = patient_token_of(stage)
    call_each(stage, functions_of(stage), lambda request: with_token(request, token))
