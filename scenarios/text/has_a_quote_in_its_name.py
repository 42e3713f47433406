"""TXT-02: an honest name has an apostrophe."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import finds_literally
from harness.registry import scenario
from harness.stage import Stage
from simulators.inquiry import Question, inquire
from simulators.objects import synthetic_object
from simulators.queries import STORAGE
from simulators.requestor import Requestor

_NAME = "O'SYNTHETIC^ASSAY"


@scenario(
    id="TXT-002B",
    verifies=["HOUSE/KEYS-ARE-DATA", "PS3.4/C.2.2.2"],
    threats=["T-CONF-03"],
    weakness=["CWE-89"],
    references=["CVE-2020-29163"],
    role=Role.ACCEPTOR,
    needs={Claim.QUERY_SCP, Claim.STORAGE_SCP},
    severity=Severity.MEDIUM,
    twin="DIM-900",
    control="concatenates_patient_id",
    oracles=[finds_literally()],
    safety=Safety.STORES_OBJECTS,
)
def has_a_quote_in_its_name(stage: Stage) -> None:
    """A patient whose name and number have an apostrophe is found by them, and by nothing else.

    People are called O'Brien. An archive that pastes keys into its statements fails for them, and
    one that doubles or drops quotes on the way finds the wrong patient or none: both show that text
    becomes part of a statement.

    Remedy: Bind values as parameters of prepared statements; never strip or double what was sent.
    """
    number = f"S'{stage.token[:12]}"
    with Requestor(stage, actor="polite") as peer:
        peer.associate((STORAGE,))
        syntax = peer.contexts[STORAGE.id]
        thing = synthetic_object(stage, transfer_syntax=syntax, PatientName=_NAME, PatientID=number)
        peer.store(thing)
        peer.release()
    here = {"QueryRetrieveLevel": "STUDY", "StudyInstanceUID": thing.study}
    questions = [Question(name="StudyInstanceUID", form="honest", keys=here, stimulus=False)]
    for name, value in (("PatientName", _NAME), ("PatientID", number)):
        for form, text in (("literal", value), ("other", value.replace("'", "''"))):
            questions.append(Question(name=name, form=form, keys={**here, name: text}))
    inquire(stage, questions)
