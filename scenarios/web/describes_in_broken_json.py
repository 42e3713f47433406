"""WEB-11: ten descriptions in JSON that are none."""

from harness.model import Role, Safety, Severity
from harness.oracles.web import turns_away
from harness.oracles.web_service import changes_nothing, serves_the_web
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import FINDS, require_web
from simulators.web.client import WebClient
from simulators.web.documents import broken_json, stow_metadata
from simulators.web.honest import as_stored, look, witness_holding
from simulators.web.target import entitled


@scenario(
    id="WEB-011C",
    verifies=["HOUSE/STAYS-IN-SERVICE", "HOUSE/NO-EFFECT"],
    threats=["T-AVAIL-02"],
    weakness=["CWE-20"],
    role=Role.ACCEPTOR,
    needs=FINDS,
    severity=Severity.MEDIUM,
    twin="WEB-900",
    control="web_json_trusts",
    oracles=[turns_away(400, 409, 415), changes_nothing(), serves_the_web()],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
)
def describes_in_broken_json(stage: Stage) -> None:
    """Metadata in JSON whose values are not what their VRs say are refused.

    JSON has types of its own: numbers where texts belong, lists where there is one value, keys that
    come twice, binary that is no Base64. Code that takes them for what the VR says fails where
    nobody looks.

    Remedy: Check type, VR and length of each value before it is used (PS3.18 F.2), and refuse the
    object.
    """
    require_web(stage)
    for name, document in broken_json(stage).items():
        with WebClient(stage) as client:
            request = entitled(stage, stow_metadata(stage, document))
            client.ask(request, what=f"JSON: {name}", lie=["body"])
            if client.silent:
                return
    witness_holding(stage, as_stored(stage).study)
    look(stage)
