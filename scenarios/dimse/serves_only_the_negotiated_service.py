"""DIM-04 for the N-services: an operation on another SOP class than that of its context."""

from harness.model import Claim, Role, Severity
from harness.oracles import refuses_operation
from harness.registry import scenario
from harness.stage import Stage
from simulators import wire
from simulators.objects import uid
from simulators.promises import COMMITMENT, action, requested
from simulators.requestor import VERIFICATION, Requestor
from simulators.wire import uids

_OTHER_CLASS, _OTHER_CONTEXT = "another class on this context", "this class on another context"


@scenario(
    id="DIM-004C",
    verifies=["HOUSE/CONTEXT-CHECK", "PS3.7/C.5"],
    threats=["T-INTEG-04"],
    weakness=["CWE-863"],
    references=["dcm4che-332"],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP, Claim.STORAGE_COMMITMENT_SCP, Claim.VERIFICATION_SCP},
    severity=Severity.MEDIUM,
    twin="INT-905",
    control="ignores_sop_class_of_context",
    oracles=[refuses_operation(0x0122, 0x0118, 0x0119, 0x0211)],
    vary=[{"request": name} for name in (_OTHER_CLASS, _OTHER_CONTEXT)],
)
def serves_only_the_negotiated_service(stage: Stage) -> None:
    """An N-ACTION of another SOP class than its presentation context stands for is refused.

    Which services a peer may use is decided when the association is negotiated. A device that
    does not look again can be asked for every N-service by whoever was let in for one, or only to
    verify. Here Requested SOP Class and context differ, once either way.

    Remedy: Compare Requested SOP Class with the abstract syntax of the context; answer 0122H.
    """
    other = wire.Context(3, VERIFICATION.abstract_syntax, (uids.IMPLICIT_LE,))
    with Requestor(stage) as attacker:
        attacker.associate((COMMITMENT, other))
        named = [(uids.SECONDARY_CAPTURE, uid(stage, 8, 1))]
        command = action(attacker)
        chosen = other if stage.case["request"] == _OTHER_CONTEXT else COMMITMENT
        stage.require(chosen.id in attacker.contexts, "the context was not accepted")
        if chosen is COMMITMENT:
            command = command.replacing("RequestedSOPClassUID", uids.VERIFICATION)
        data = requested(named, uid(stage, 9), attacker.contexts[chosen.id])
        attacker.invoke(command, data, context_id=chosen.id, lie="pdvs[0].data")
        attacker.wait_for_ending()
