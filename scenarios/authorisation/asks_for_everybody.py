"""AUT-07: queries that ask for everybody."""

from collections.abc import Iterator
from string import ascii_uppercase, digits

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import limits_enumeration
from harness.registry import scenario
from harness.stage import Stage
from simulators.inquiry import Question, inquire
from simulators.queries import store_honestly

_SHOWN = {"PatientName": "", "PatientID": "", "StudyInstanceUID": ""}


def _questions(study: str, least: int) -> Iterator[Question]:
    here = {"QueryRetrieveLevel": "STUDY", **_SHOWN}
    honest = {**here, "StudyInstanceUID": study}
    yield Question(name="StudyInstanceUID", form="honest", keys=honest, stimulus=False)
    yield Question(name="PatientName", form="broad", keys=here)
    for text in ("*", "?*", "*" * 16):
        yield Question(name="PatientName", form="broad", keys={**here, "PatientName": text})
    if least > 1:
        for letter in ascii_uppercase:
            keys = {**here, "PatientName": f"{letter}*"}
            yield Question(name="PatientName", form="broad", keys=keys)
        for digit in digits[:9]:
            keys = {**here, "PatientID": f"*{digit}*"}
            yield Question(name="PatientID", form="broad", keys=keys)


@scenario(
    id="AUT-007",
    verifies=["HOUSE/MINIMUM-QUERY", "PS3.4/C.2.2.2"],
    threats=["T-CONF-03"],
    weakness=["CWE-359", "CWE-799"],
    references=["Aplite-2023", "arc-695"],
    role=Role.ACCEPTOR,
    needs={Claim.QUERY_SCP, Claim.STORAGE_SCP, Claim.MINIMUM_QUERY},
    severity=Severity.HIGH,
    twin="DIM-900",
    control="answers_any_query",
    oracles=[limits_enumeration()],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
)
def asks_for_everybody(stage: Stage) -> None:
    """A query that says too little finds nobody.

    One query without keys lists every patient of a hospital, and an archive that refuses only that
    one is walked through letter by letter. A device that claims a least number of characters keeps
    to it for every way to say little: no keys, wildcards alone, and one letter at a time.

    Remedy: Count what remains of the keys without their wildcards, and refuse what is too short.
    """
    study = store_honestly(stage).study
    acceptor = stage.profile.acceptor
    least = (acceptor.minimum_query_characters if acceptor else None) or 0
    inquire(stage, _questions(study, least))
