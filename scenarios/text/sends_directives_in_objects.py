"""TXT-11: format directives in what is stored."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import log_is_literal, reacts
from harness.registry import scenario
from harness.stage import Stage
from simulators import hostile, wire
from simulators.observers import marker
from simulators.queries import STORAGE
from simulators.requestor import Requestor

_FIELDS = {
    "patient name": hostile.PATIENT_NAME_TAG,
    "patient ID": hostile.PATIENT_ID,
    "modality": hostile.MODALITY,
    "SOP Instance UID": hostile.SOP_INSTANCE_UID,
}


@scenario(
    id="TXT-011B",
    verifies=["HOUSE/TEXT-IS-NO-FORMAT", "HOUSE/STAYS-IN-SERVICE"],
    threats=["T-AVAIL-02", "T-INTEG-06"],
    weakness=["CWE-134"],
    references=["CVE-2024-23914"],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP},
    severity=Severity.HIGH,
    twin="STO-900",
    control="formats_peer_text",
    oracles=[log_is_literal(), reacts()],
    vary=[{"field": field} for field in _FIELDS],
    safety=Safety.STORES_OBJECTS,
)
def sends_directives_in_objects(stage: Stage) -> None:
    """Format directives in a stored object are plain text to the device.

    What a peer stores comes back in messages of errors, in names of files and in reports, and each
    of them may be a format to somebody. The directives here only print.

    Remedy: Never pass text of a peer as a format; let the compiler warn of formats that vary.
    """
    directives = "%x" if stage.case["field"] == "modality" else "%x%p%d"
    tag = _FIELDS[str(stage.case["field"])]
    with Requestor(stage) as attacker:
        attacker.associate((STORAGE,))
        content = hostile.elements(stage)
        content = hostile.replacing(content, tag, f"{marker(stage)}{directives}")
        thing = hostile.as_object(content, attacker.contexts[STORAGE.id])
        command = wire.c_store_rq(thing.sop_class, thing.sop_instance, attacker.next_message_id())
        attacker.invoke(command, thing.dataset, lie="pdvs[0].data")
        attacker.wait_for_ending()
