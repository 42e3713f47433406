"""INT-10: a procedure step is changed after it has ended."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import leaves_no_trace, refuses_operation
from harness.registry import scenario
from harness.stage import Stage
from simulators.objects import uid
from simulators.procedure_steps import (
    COMPLETED,
    DISCONTINUED,
    IN_PROGRESS,
    STEP,
    change,
    ended,
    look_back,
    tell_honestly,
)
from simulators.requestor import Requestor

_CHANGES = ((COMPLETED, IN_PROGRESS), (COMPLETED, DISCONTINUED), (DISCONTINUED, COMPLETED))


@scenario(
    id="INT-010C",
    verifies=["HOUSE/PROCEDURE-STEPS", "PS3.4/F.7.2"],
    threats=["T-INTEG-20"],
    weakness=["CWE-345"],
    role=Role.ACCEPTOR,
    needs={Claim.MPPS_SCP},
    severity=Severity.MEDIUM,
    twin="INT-906",
    control="updates_any_procedure_step",
    oracles=[refuses_operation(0x0110), leaves_no_trace()],
    safety=Safety.STORES_OBJECTS,
    vary=[{"from": was, "to": then} for was, then in _CHANGES],
)
def changes_no_ended_step(stage: Stage) -> None:
    """A procedure step that was completed or discontinued stays what it is.

    What has ended is billed and reported. Taking it back to life, or turning a completed
    examination into one that was broken off, rewrites what happened. A good device refuses every
    further change, the honest modality's too.

    Remedy: Refuse N-SET after the end with 0110H, error A710H (may no longer be updated).
    """
    step = uid(stage, 7)
    tell_honestly(stage, step, str(stage.case["from"]))
    with Requestor(stage) as attacker:
        attacker.associate((STEP,))
        change(attacker, step, ended(stage, str(stage.case["to"])), stimulus=True)
        if attacker.ended is None:
            attacker.release()
    look_back(
        stage, step, creates=False, should_succeed=False,
        why="the step can be changed again: it has not stayed what it was",
    )  # fmt: skip
