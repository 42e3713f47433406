"""TXT-02 by the web: signs of SQL in every key of a search."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import answers_in_proportion, keys_are_data
from harness.registry import scenario
from harness.stage import Stage
from simulators.questions import in_words_of_a_database
from simulators.web.honest import store_by_web
from simulators.web.inquiry import inquire_by_web


@scenario(
    id="TXT-302",
    verifies=["HOUSE/KEYS-ARE-DATA", "HOUSE/STAYS-IN-SERVICE"],
    threats=["T-CONF-03"],
    weakness=["CWE-89"],
    references=["CVE-2020-29163"],
    role=Role.ACCEPTOR,
    needs={Claim.WEB_STOW, Claim.WEB_QIDO},
    severity=Severity.CRITICAL,
    twin="WEB-900",
    control="concatenates_patient_id",
    oracles=[keys_are_data(), answers_in_proportion(5.0)],
    budget_s=90,
    safety=Safety.STORES_OBJECTS,
)
def asks_in_the_words_of_a_database(stage: Stage) -> None:
    """Signs that mean something to a database are plain text in every key of QIDO-RS.

    The same index stands behind C-FIND and QIDO-RS, and the way to it is another one: whoever
    checks keys at one door has not checked them at the other. Every key gets a value that
    matches nothing, followed by a condition that is always true.

    Remedy: Bind values as parameters of prepared statements, and escape LIKE's own wildcards.
    """
    thing = store_by_web(stage)
    inquire_by_web(stage, in_words_of_a_database(thing.study, f"SYN{stage.token[:12]}"))
