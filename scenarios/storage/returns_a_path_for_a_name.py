"""STO-03: a hostile archive returns objects whose SOP Instance UID is a path."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import client_survives, no_file_outside
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from simulators import wire
from simulators.acceptor import Acceptor
from simulators.hostile import (
    SOP_INSTANCE_UID,
    STUDY_INSTANCE_UID,
    as_object,
    elements,
    path_forms,
    replacing,
)
from simulators.objects import uid
from simulators.requestor import ANSWER_S
from simulators.services import asked_for, finish_retrieve, storage_context
from simulators.wire import uids

_FORMS = ("one-up", "three-up", "through-a-folder", "absolute", "backslash", "nul", "dot-dot")


@scenario(
    id="STO-103",
    verifies=["HOUSE/FILES-INSIDE", "HOUSE/UID-CHECK", "PS3.5/9.1"],
    threats=["T-INTEG-03"],
    weakness=["CWE-22"],
    references=["CVE-2026-50003", "CVE-2022-2120"],
    role=Role.REQUESTOR,
    needs={Claim.RETRIEVE_SCU},
    severity=Severity.CRITICAL,
    twin="STO-951",
    control="scu_trusts_uid",
    oracles=[
        no_file_outside(),
        client_survives(Outcome.RELEASED, Outcome.RESPONDED, Outcome.ABORTED),
    ],
    safety=Safety.STORES_OBJECTS,
    alone=True,
    vary=[{"form": form} for form in _FORMS],
)
def returns_a_path_for_a_name(stage: Stage) -> None:
    """A device that retrieves writes nothing outside its folder, whatever the object's UID.

    The archive chooses the SOP Instance UID of what it sends, and clients name files by it. With
    separators or dots in it, a hostile archive plants files where they start programs or replace
    configuration. Toolkits have checked the name in one storage mode and forgotten the other. A
    good device refuses what is no UID, or stores it under a name of its own.

    Remedy: Check each UID by PS3.5 9.1 before it becomes part of a file name, in every mode.
    """
    with Acceptor(stage, "retrieve") as hostile:
        asked = hostile.first_request()
        context_id, syntax = storage_context(hostile, uids.SECONDARY_CAPTURE)
        name = path_forms(hostile.lab.canary, stage.token)[str(stage.case["form"])]
        study = asked_for(hostile, asked).get("StudyInstanceUID", uid(stage, 2))
        content = replacing(elements(stage), STUDY_INSTANCE_UID, study)
        thing = as_object(replacing(content, SOP_INSTANCE_UID, name), syntax)
        command = wire.c_store_rq(thing.sop_class, name)
        hostile.invoke(context_id, command, thing.dataset, stimulus=True)
        hostile.wait_for_ending(ANSWER_S)
        if hostile.ended is None:
            finish_retrieve(hostile, asked, completed=0, failed=1)
            hostile.see_out()
