"""STO-06: a second object comes with the SOP Instance UID of one that is there."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import keeps_to_duplicate_rule
from harness.registry import scenario
from harness.stage import Stage
from simulators.custody import Custody
from simulators.hostile import PATIENT_ID, STUDY_INSTANCE_UID
from simulators.marking import marked, offer
from simulators.objects import uid


@scenario(
    id="STO-006",
    verifies=["HOUSE/NO-SILENT-REPLACEMENT", "HOUSE/ONE-IDENTITY", "PS3.4/B.2.3"],
    threats=["T-INTEG-01"],
    weakness=["CWE-694", "CWE-345"],
    references=["CT-GAN-2019"],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP, Claim.DUPLICATE_RULE},
    severity=Severity.CRITICAL,
    twin="STO-910",
    control="replaces_silently",
    oracles=[keeps_to_duplicate_rule()],
    safety=Safety.STORES_OBJECTS,
    alone=True,
    vary=[{"second": "the same"}, {"second": "other pixels"}, {"second": "another patient"}],
)
def stores_another_object_under_a_known_uid(stage: Stage) -> None:
    """A second object under a known UID is treated as claimed, and never replaces one unsaid.

    A SOP Instance UID names one object for ever, and reports refer to it. Whoever may store can
    send an altered image under the name of a real one: a tumour that is gone, or another patient's
    chest. A good device keeps the first and refuses what differs; one that replaces says so in its
    documents, and does it whole. Sending the same object twice is harmless and common.

    Remedy: Compare what comes with what is there; refuse or quarantine what differs, and log it.
    """
    custody, first = Custody(stage), marked(stage, 1)
    stage.require(offer(stage, first), "the first object was not taken")
    second = first if stage.case["second"] == "the same" else marked(stage, 2)
    if stage.case["second"] == "another patient":
        second = second.altered(PATIENT_ID, f"OTHER{stage.token[:10]}")
        second = second.altered(STUDY_INSTANCE_UID, uid(stage, 4))
    offer(stage, second, actor="attacker", stimulus=True)
    custody.look(*dict.fromkeys((first.study, second.study)))
