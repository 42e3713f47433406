"""DIM-12 for requestors: objects on contexts that do not stand for them."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import client_survives, takes_only_what_it_asked_for
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from simulators import wire
from simulators.acceptor import Acceptor
from simulators.negotiation import honest_results
from simulators.objects import synthetic_object
from simulators.services import asked_for, finish_retrieve, part, storage_context
from simulators.suboperations import offer, witness_kept
from simulators.wire import uids

_REFUSED = (1, uids.EXPLICIT_LE)
_CASES = ("class of another context", "context that was refused", "context never proposed")


@scenario(
    id="DIM-112B",
    verifies=["HOUSE/CONTEXT-CHECK", "PS3.4/C.4.3"],
    threats=["T-INTEG-05"],
    weakness=["CWE-345", "CWE-863"],
    role=Role.REQUESTOR,
    needs={Claim.RETRIEVE_SCU},
    severity=Severity.HIGH,
    twin="STO-951",
    control="scu_takes_any_class",
    oracles=[
        takes_only_what_it_asked_for(must=True),
        client_survives(Outcome.RELEASED, Outcome.ABORTED),
    ],
    safety=Safety.STORES_OBJECTS,
    vary=[{"lie": name} for name in _CASES],
)
def returns_objects_nobody_negotiated(stage: Stage) -> None:
    """A device that retrieves takes objects only on contexts that were accepted for their class.

    The negotiation is what limits an archive to the classes, encodings and roles that the device
    can cope with. If a context that was refused carries objects all the same, or one class comes on
    the context of another, code meets data that it was never written for.

    Remedy: Compare the SOP class of each sub-operation with the abstract syntax of its context, and
    abort on a context that was not accepted.
    """
    lie = stage.case["lie"]
    with Acceptor(stage, "retrieve") as hostile:
        request = hostile.request
        assert request is not None
        proposed = wire.proposed_contexts(request)
        storage = [each for each in proposed if each.abstract_syntax == uids.SECONDARY_CAPTURE]
        results = honest_results(request)
        if lie == "context that was refused":
            results |= {each.id: _REFUSED for each in storage}
        hostile.send(hostile.accept(results))
        asked = hostile.message(hostile.reaction_s)
        stage.require(asked, "the device sent no request")
        assert asked is not None
        context_id, syntax = storage_context(hostile, uids.SECONDARY_CAPTURE)
        if lie == "context never proposed":
            used = {each.id for each in proposed}
            context_id = next((odd for odd in range(255, 0, -2) if odd not in used), 0)
        changes = dict(asked_for(hostile, asked))
        if lie == "class of another context":
            changes["SOPClassUID"] = uids.MR_IMAGE_STORAGE
        thing = synthetic_object(stage, 1, transfer_syntax=syntax, **changes)
        taken = int(offer(hostile, context_id, thing, number=1, foreign=True))
        if hostile.ended is None:
            finish_retrieve(hostile, asked, completed=taken, failed=1 - taken)
        part(hostile)
        witness_kept(hostile, thing, thing)
