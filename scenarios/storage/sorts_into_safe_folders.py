"""STO-02: attributes that storages make folders of are paths."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import no_file_outside, reacts
from harness.registry import scenario
from harness.stage import Stage
from simulators import hostile, wire
from simulators.lab import lab_of
from simulators.queries import STORAGE, send_lying_dataset
from simulators.requestor import Requestor

_ATTRIBUTES = {
    "StudyInstanceUID": hostile.STUDY_INSTANCE_UID,
    "SeriesInstanceUID": hostile.SERIES_INSTANCE_UID,
    "PatientID": hostile.PATIENT_ID,
    "PatientName": hostile.PATIENT_NAME_TAG,
    "Modality": hostile.MODALITY,
}
_FORMS = ("dot", "dot-dot", "one-up", "absolute")


@scenario(
    id="STO-002",
    verifies=["HOUSE/FILES-INSIDE", "HOUSE/UID-CHECK", "PS3.5/9.1"],
    threats=["T-INTEG-02"],
    weakness=["CWE-22", "CWE-23"],
    references=["DCMTK-4527dff56", "arc-4987"],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP},
    severity=Severity.HIGH,
    twin="STO-900",
    control="dots_only_directory",
    oracles=[no_file_outside(), reacts()],
    safety=Safety.STORES_OBJECTS,
    alone=True,
    vary=[{"attribute": name, "form": form} for name in _ATTRIBUTES for form in _FORMS],
)
def sorts_into_safe_folders(stage: Stage) -> None:
    """An attribute that is a path sorts no object into a folder outside the storage.

    Storages make folders of study, patient or modality. Sanitisers that replace separators often
    forget the two names that need none: a study that is called exactly ".." puts its images into
    the parent folder. A good device refuses the object or files it under a name of its own.

    Remedy: Map every value that becomes a folder to a safe name, and treat "." and ".." as unsafe.
    """
    lab = lab_of(stage)
    name = hostile.path_forms(lab.canary, stage.token)[str(stage.case["form"])]
    tag = _ATTRIBUTES[str(stage.case["attribute"])]
    with Requestor(stage) as attacker:
        attacker.associate((STORAGE,))
        content = hostile.replacing(hostile.elements(stage), tag, name)
        thing = hostile.as_object(content, attacker.contexts[STORAGE.id])
        command = wire.c_store_rq(thing.sop_class, thing.sop_instance, attacker.next_message_id())
        send_lying_dataset(attacker, command, thing.dataset)
        attacker.wait_for_ending()
