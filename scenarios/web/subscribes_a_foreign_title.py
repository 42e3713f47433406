"""WEB-17: a subscription for an AE title of others."""

import json

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.web import turns_away
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import FINDS, require_web
from simulators.web.client import WebClient
from simulators.web.honest import ask_politely
from simulators.web.target import patient_id_of, patient_token_of, with_token
from simulators.web.workitems import create, scheduled, subscribe, workitem_of


@scenario(
    id="WEB-017D",
    verifies=["HOUSE/WEB-WORKITEM-LOCK"],
    threats=["T-CONF-31"],
    weakness=["CWE-862"],
    role=Role.ACCEPTOR,
    needs=FINDS | {Claim.WEB_UPS} | {Claim.WEB_PATIENT_TOKEN},
    severity=Severity.MEDIUM,
    twin="WEB-903",
    control="web_ups_subscribes_anybody",
    oracles=[turns_away(401, 403, 404)],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
)
def subscribes_a_foreign_title(stage: Stage) -> None:
    """Whoever is entitled to his own records subscribes no AE title to workitems.

    A subscription sends events of a workitem to an AE title until it is withdrawn. A patient's link
    that can subscribe sends them to a system of its holder's choice.

    Remedy: Let each user subscribe the titles that are his; for most users there are none.
    """
    require_web(stage)
    item, dataset = workitem_of(stage), scheduled(stage)
    dataset.PatientID = patient_id_of(stage)
    content = json.dumps([dataset.to_json_dict()]).encode()
    answer = ask_politely(stage, create(stage, item, content))
    stage.require(answer is not None and answer.status == 201, "no workitem was created")
    with WebClient(stage) as client:
        request = with_token(subscribe(stage, item, "STRANGER"), patient_token_of(stage))
        client.ask(request, stimulus=True)
