"""WEB-902: the token of one patient, and an object of that patient."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.web import answers_with
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import GUARDED
from simulators.web.client import WebClient
from simulators.web.honest import store_by_web, wado
from simulators.web.target import patient_id_of, patient_token_of, with_token


@scenario(
    id="WEB-902",
    verifies=["HOUSE/HONEST-SERVICE", "HOUSE/WEB-OBJECT-RIGHTS"],
    threats=["T-CONF-42"],
    weakness=[],
    role=Role.ACCEPTOR,
    needs=GUARDED | {Claim.WEB_PATIENT_TOKEN},
    severity=Severity.MEDIUM,
    twin=None,
    control="web_stow_says_success",
    oracles=[answers_with("pixels")],
    budget_s=30,
    safety=Safety.STORES_OBJECTS,
)
def gives_a_patient_his_own(stage: Stage) -> None:
    """The token of one patient opens the objects of that patient.

    The twin of whoever tries it on others: a token that opens nothing has been refused nothing.

    Remedy: Compare the patient of the object with the patient of the token.
    """
    thing = store_by_web(stage, PatientID=patient_id_of(stage))
    with WebClient(stage) as client:
        request = with_token(wado(stage, thing), patient_token_of(stage))
        client.ask(request, stimulus=True, marks={"pixels": bytes(range(256))})
