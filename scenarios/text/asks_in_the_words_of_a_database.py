"""TXT-02: signs of SQL in every key of a query."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import answers_in_proportion, keys_are_data
from harness.registry import scenario
from harness.stage import Stage
from simulators.inquiry import inquire
from simulators.queries import store_honestly
from simulators.questions import in_words_of_a_database


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
    inquire(stage, in_words_of_a_database(thing.study, f"SYN{stage.token[:12]}"))
