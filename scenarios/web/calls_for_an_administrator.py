"""WEB-18: administrative functions without credentials."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.web import turns_away
from harness.oracles.web_service import changes_nothing
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import FINDS, require_web
from simulators.web.administration import call_each, functions_of


@scenario(
    id="WEB-018",
    verifies=["HOUSE/WEB-ADMINISTRATION", "HOUSE/NO-EFFECT"],
    threats=["T-INTEG-01", "T-CONF-03"],
    weakness=["CWE-306"],
    references=["CVE-2023-33466"],
    role=Role.ACCEPTOR,
    needs=FINDS | {Claim.WEB_GUARDED, Claim.WEB_ADMIN},
    severity=Severity.CRITICAL,
    twin="WEB-900",
    control="web_admin_unguarded",
    oracles=[turns_away(401, 403, 404), changes_nothing()],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
)
def calls_for_an_administrator(stage: Stage) -> None:
    """Administrative functions do nothing for whoever shows no credentials.

    A reset, a script or a setting is worth more than any image: whoever reaches it owns the device.
    Such functions often stand beside the guarded ones, and are forgotten.

    Remedy: Guard every path before it is routed, and let administration listen on an address of its
    own.
    """
    require_web(stage)
    call_each(stage, functions_of(stage), lambda request: request)
