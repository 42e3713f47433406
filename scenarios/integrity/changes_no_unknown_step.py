"""INT-10: a procedure step that nobody created is changed."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import leaves_no_trace, refuses_operation
from harness.registry import scenario
from harness.stage import Stage
from simulators.objects import uid
from simulators.procedure_steps import COMPLETED, DISCONTINUED, STEP, change, ended, look_back
from simulators.requestor import Requestor


@scenario(
    id="INT-010",
    verifies=["HOUSE/PROCEDURE-STEPS", "PS3.4/F.7.2"],
    threats=["T-INTEG-20"],
    weakness=["CWE-345"],
    role=Role.ACCEPTOR,
    needs={Claim.MPPS_SCP},
    severity=Severity.MEDIUM,
    twin="INT-906",
    control="updates_any_procedure_step",
    oracles=[refuses_operation(0x0112), leaves_no_trace()],
    safety=Safety.STORES_OBJECTS,
    vary=[{"state": state} for state in (COMPLETED, DISCONTINUED)],
)
def changes_no_unknown_step(stage: Stage) -> None:
    """A change of a procedure step that nobody created is refused and creates nothing.

    The department bills, reports and schedules by what the steps say. Whoever can end an
    examination that never began can close orders that are still due. A good device knows each step
    from its creation; afterwards the honest modality can still create the one that was named.

    Remedy: Look the step up; answer 0112H (no such instance) where it is not.
    """
    step = uid(stage, 7)
    with Requestor(stage) as attacker:
        attacker.associate((STEP,))
        change(attacker, step, ended(stage, str(stage.case["state"])), stimulus=True)
        if attacker.ended is None:
            attacker.release()
    look_back(
        stage, step, creates=True, should_succeed=True,
        why="the step cannot be created any more: what was refused created it",
    )  # fmt: skip
