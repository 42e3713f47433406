"""INT-10: a procedure step is created that is there already."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import leaves_no_trace, refuses_operation
from harness.registry import scenario
from harness.stage import Stage
from simulators.objects import uid
from simulators.procedure_steps import STEP, begun, create, look_back, tell_honestly
from simulators.requestor import Requestor


@scenario(
    id="INT-010B",
    verifies=["HOUSE/PROCEDURE-STEPS", "PS3.4/F.7.2"],
    threats=["T-INTEG-20"],
    weakness=["CWE-694", "CWE-345"],
    role=Role.ACCEPTOR,
    needs={Claim.MPPS_SCP},
    severity=Severity.MEDIUM,
    twin="INT-906",
    control="overwrites_procedure_steps",
    oracles=[refuses_operation(0x0111), leaves_no_trace()],
    safety=Safety.STORES_OBJECTS,
    vary=[{"patient": name} for name in ("the same", "another")],
)
def creates_no_step_twice(stage: Stage) -> None:
    """A procedure step that exists already cannot be created again.

    A second N-CREATE under the UID of a running examination puts another patient in its place, or
    sets back what was already told. A good device refuses it, and the examination goes on: the
    honest modality can still complete it.

    Remedy: Look the UID up first; answer 0111H (duplicate SOP instance) where it is known.
    """
    step = uid(stage, 7)
    tell_honestly(stage, step)
    patient = f"OTHER{stage.token[:10]}" if stage.case["patient"] == "another" else ""
    with Requestor(stage) as attacker:
        attacker.associate((STEP,))
        create(attacker, step, begun(stage, patient=patient), stimulus=True)
        if attacker.ended is None:
            attacker.release()
    look_back(
        stage, step, creates=False, should_succeed=True,
        why="the examination that was running cannot be completed any more",
    )  # fmt: skip
