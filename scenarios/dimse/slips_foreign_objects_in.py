"""DIM-12 for requestors: an archive sends what nobody asked for."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import client_survives, takes_only_what_it_asked_for
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from simulators import wire
from simulators.acceptor import Acceptor
from simulators.objects import synthetic_object, uid
from simulators.services import (
    asked_for,
    finish_retrieve,
    part,
    retrieve_response,
    storage_context,
)
from simulators.suboperations import offer, witness_kept
from simulators.wire import uids


@scenario(
    id="DIM-112",
    verifies=["HOUSE/ASKED-FOR-ONLY"],
    threats=["T-INTEG-05"],
    weakness=["CWE-345"],
    references=["CVE-2022-2120"],
    role=Role.REQUESTOR,
    needs={Claim.RETRIEVE_SCU},
    severity=Severity.HIGH,
    twin="STO-951",
    control="scu_takes_any_object",
    oracles=[
        takes_only_what_it_asked_for(),
        client_survives(Outcome.RELEASED, Outcome.ABORTED),
    ],
    safety=Safety.STORES_OBJECTS,
    vary=[{"object": when} for when in ("among others", "alone", "after the final response")],
)
def slips_foreign_objects_in(stage: Stage) -> None:
    """A device that retrieves does not take in objects of a study that it did not ask for.

    In a C-GET it is the archive that says what comes. An object of another patient's study among
    those that were asked for is filed or shown with them, unless somebody compares it with the
    request. A good device refuses it, or puts it where nobody takes it for an answer.

    Remedy: Compare the unique keys of each object with the request before it is taken in.
    """
    case = stage.case["object"]
    with Acceptor(stage, "retrieve") as hostile:
        asked = hostile.first_request()
        context_id, syntax = storage_context(hostile, uids.SECONDARY_CAPTURE)
        keys = asked_for(hostile, asked)
        stage.require(keys, "the device did not say what it wants, so that anything is an answer")
        own = synthetic_object(stage, 1, transfer_syntax=syntax, **keys)
        other = {"StudyInstanceUID": uid(stage, 9), "PatientID": "SYNFOREIGN"}
        foreign = synthetic_object(stage, 2, transfer_syntax=syntax, **other)
        completed = 0
        if case != "alone":
            completed = int(offer(hostile, context_id, own, number=1, foreign=False))
        if case == "after the final response":
            final = wire.p_data(asked.context_id, retrieve_response(asked, 0, completed=completed))
            ahead = b"".join(wire.encode(pdu) for pdu in final)
            offer(hostile, context_id, foreign, number=2, foreign=True, ahead=ahead)
        else:
            completed += offer(hostile, context_id, foreign, number=2, foreign=True)
            finish_retrieve(hostile, asked, completed=completed, failed=0)
        part(hostile)
        witness_kept(hostile, own, foreign)
