"""WEB-18: functions that are switched off."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.web import turns_away
from harness.oracles.web_service import changes_nothing
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import FINDS, require_web
from simulators.web.administration import call_each, functions_of
from simulators.web.target import administrative


@scenario(
    id="WEB-018E",
    verifies=["HOUSE/WEB-ADMINISTRATION", "HOUSE/NO-EFFECT"],
    threats=["T-CONF-30"],
    weakness=["CWE-749"],
    references=["CVE-2023-33466"],
    role=Role.ACCEPTOR,
    needs=FINDS | {Claim.WEB_DISABLED},
    severity=Severity.CRITICAL,
    twin="WEB-900",
    control="web_admin_enabled",
    oracles=[turns_away(403, 404), changes_nothing()],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
)
def calls_what_is_switched_off(stage: Stage) -> None:
    """What is switched off does nothing, for administrators neither.

    A function that runs what it is sent turns every stolen password into a program on the server.
    That it is off by default protects only if it really is.

    Remedy: Leave it out of what is delivered, or let it be switched on at the machine only.
    """
    require_web(stage)
    functions = functions_of(stage, disabled=True)
    call_each(stage, functions, lambda request: administrative(stage, request))
