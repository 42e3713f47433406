"""WEB-02: a study of another patient, and one that nobody has."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.web import answers_alike
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import GUARDED, other_study
from simulators.web.client import WebClient
from simulators.web.honest import metadata, store_by_web
from simulators.web.target import patient_token_of, with_token


@scenario(
    id="WEB-002B",
    verifies=["HOUSE/WEB-OBJECT-RIGHTS"],
    threats=["T-CONF-42"],
    weakness=["CWE-203"],
    role=Role.ACCEPTOR,
    needs=GUARDED | {Claim.WEB_PATIENT_TOKEN},
    severity=Severity.MEDIUM,
    twin="WEB-902",
    control="web_tells_what_exists",
    oracles=[answers_alike()],
    budget_s=30,
    safety=Safety.STORES_OBJECTS,
)
def asks_whether_a_study_exists(stage: Stage) -> None:
    """Another patient's study is refused as one that does not exist.

    "Forbidden" for what is there and "not found" for what is not says that somebody was examined.

    Remedy: Answer 404 to both, with the same body.
    """
    thing, token = store_by_web(stage), patient_token_of(stage)
    for study in (thing.study, other_study(stage)):
        with WebClient(stage) as client:
            client.ask(with_token(metadata(stage, study), token), stimulus=True)
