"""TXT-02: signs of SQL in every key of a query."""

from collections.abc import Iterator

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import answers_in_proportion, keys_are_data
from harness.registry import scenario
from harness.stage import Stage
from simulators.inquiry import Question, inquire
from simulators.objects import PATIENT_NAME
from simulators.queries import store_honestly

_NO_MATCH = {
    "PatientID": "Z",
    "PatientName": "Z",
    "AccessionNumber": "Z",
    "StudyID": "Z",
    "ModalitiesInStudy": "Z",
    "StudyDate": "19000101",
    "StudyInstanceUID": "2.25.9",
}
_SIGNS = {
    "' OR '1'='1": "marker",
    "') OR ('1'='1": "marker",
    "' OR 1=1--": "marker",
    '" OR "1"="1': "marker",
    "'": "lone quote",
    "''": "two quotes",
    "X OR X1XYX1": "control",
}
"""What follows a value that matches nothing; the control has letters for every sign."""


def _questions(study: str, patient: str) -> Iterator[Question]:
    here = {"QueryRetrieveLevel": "STUDY", "StudyInstanceUID": study}
    yield Question(name="StudyInstanceUID", form="honest", keys=here, stimulus=False)
    for name, nothing in _NO_MATCH.items():
        for signs, form in _SIGNS.items():
            if not (name == "StudyDate" and "--" in signs):  # a hyphen makes a range
                yield Question(name=name, form=form, keys={**here, name: nothing + signs})
    for name, value in (("PatientID", patient), ("PatientName", PATIENT_NAME)):
        for sign, form in (("%", "pattern"), ("Q", "letters")):
            yield Question(name=name, form=form, keys={**here, name: value[:5] + sign})


@scenario(
    id="TXT-002",
    verifies=["HOUSE/KEYS-ARE-DATA", "PS3.4/C.2.2.2", "HOUSE/STAYS-IN-SERVICE"],
    threats=["T-CONF-03"],
    weakness=["CWE-89"],
    references=["CVE-2020-29163", "CVE-2020-29164", "CVE-2020-29166"],
    role=Role.ACCEPTOR,
    needs={Claim.QUERY_SCP, Claim.STORAGE_SCP},
    severity=Severity.CRITICAL,
    twin="DIM-900",
    control="concatenates_patient_id",
    oracles=[keys_are_data(), answers_in_proportion(5.0)],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
)
def asks_in_the_words_of_a_database(stage: Stage) -> None:
    """Signs that mean something to a database are plain text in every key of a query.

    Most archives keep their index in a database. Where a key is pasted into the statement, a quote
    ends the text and the rest is read as a condition: whoever may ask for one patient gets all, or
    whatever else the database holds. Every key gets a value that matches nothing, followed by a
    condition that is always true; it must find what the same text finds with letters for signs.

    Remedy: Bind values as parameters of prepared statements, and escape LIKE's own wildcards.
    """
    thing = store_honestly(stage)
    inquire(stage, _questions(thing.study, f"SYN{stage.token[:12]}"))
