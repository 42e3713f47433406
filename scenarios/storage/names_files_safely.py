"""STO-01: the SOP Instance UID is a path."""

from pathlib import PurePosixPath

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import no_file_outside, reacts
from harness.registry import scenario
from harness.stage import Stage
from simulators import hostile, wire
from simulators.lab import lab_of
from simulators.queries import STORAGE
from simulators.requestor import Requestor


@scenario(
    id="STO-001",
    verifies=["HOUSE/FILES-INSIDE", "HOUSE/UID-CHECK", "PS3.5/9.1"],
    threats=["T-INTEG-02"],
    weakness=["CWE-22", "CWE-23", "CWE-36"],
    references=["CVE-2022-2119", "pynetdicom-2.1-sanitise"],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP},
    severity=Severity.CRITICAL,
    twin="STO-900",
    control="raw_file_name",
    oracles=[no_file_outside(), reacts(prefers_refusal=True)],
    safety=Safety.STORES_OBJECTS,
    alone=True,
    vary=[{"form": form} for form in hostile.path_forms(PurePosixPath("/"), "")],
)
def names_files_safely(stage: Stage) -> None:
    """A SOP Instance UID that is a path creates no file outside the storage.

    Whoever may send images chooses their UIDs, and most storages make file names of them. A UID
    with separators, dots or a drive letter then plants a file wherever the server may write:
    beside other patients' images, in a start-up folder, over its own configuration. A good device
    refuses what is no UID, or stores it under a name of its own.

    Remedy: Refuse UIDs that break PS3.5 9.1, and never derive a path from what a peer has sent.
    """
    lab = lab_of(stage)
    name = hostile.path_forms(lab.canary, stage.token)[str(stage.case["form"])]
    with Requestor(stage) as attacker:
        attacker.associate((STORAGE,))
        content = hostile.replacing(hostile.elements(stage), hostile.SOP_INSTANCE_UID, name)
        thing = hostile.as_object(content, attacker.contexts[STORAGE.id])
        command = wire.c_store_rq(thing.sop_class, thing.sop_instance, attacker.next_message_id())
        attacker.invoke(command, thing.dataset, lie="pdvs[0].data")
        attacker.wait_for_ending()
