"""INT-07: an object of one patient that names the study of another."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import keeps_studies_apart as apart
from harness.registry import scenario
from harness.stage import Stage
from simulators.integrity import look_into_study
from simulators.objects import synthetic_object, uid
from simulators.queries import STORAGE, store_honestly
from simulators.requestor import Requestor


@scenario(
    id="INT-007",
    verifies=["HOUSE/STUDIES-APART"],
    threats=["T-INTEG-01"],
    weakness=["CWE-345"],
    references=["Aplite-2023"],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP, Claim.QUERY_SCP, Claim.FOREIGN_STUDY_RULE},
    severity=Severity.HIGH,
    twin="STO-900",
    control="merges_foreign_objects",
    oracles=[apart()],
    safety=Safety.STORES_OBJECTS,
    vary=[{"series": name} for name in ("the same", "its own")],
)
def keeps_studies_apart(stage: Stage) -> None:
    """An object that names the study of another patient is never taken into it without a word.

    Whoever may store needs one UID, which travels in every list, to lay an image into the study
    of somebody else; the reader sees it among the patient's own. A modality that was not told of
    the next patient does the same by accident. A good device refuses it, keeps it apart until
    somebody has looked, or takes it with a warning.

    Remedy: Compare Patient ID with that of the study; refuse, quarantine or flag what differs.
    """
    own = store_honestly(stage)
    series = uid(stage, 3 if stage.case["series"] == "the same" else 5)
    with Requestor(stage) as attacker:
        attacker.associate((STORAGE,))
        thing = synthetic_object(
            stage,
            2,
            transfer_syntax=attacker.contexts[STORAGE.id],
            PatientID=f"OTHER{stage.token[:10]}",
            PatientName="SYNTHETIC^OTHER",
            SeriesInstanceUID=series,
        )
        attacker.store(thing, stimulus=True)
        attacker.release()
    look_into_study(stage, own, thing, series)
