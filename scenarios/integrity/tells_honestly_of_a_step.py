"""The twin of the procedure step scenarios."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import succeeds
from harness.registry import scenario
from harness.stage import Stage
from simulators.objects import uid
from simulators.procedure_steps import STEP, begun, change, create, ended
from simulators.requestor import Requestor


@scenario(
    id="INT-906",
    verifies=["HOUSE/HONEST-SERVICE", "PS3.4/F.7.2", "HOUSE/PROCEDURE-STEPS"],
    threats=["T-INTEG-20"],
    weakness=[],
    role=Role.ACCEPTOR,
    needs={Claim.MPPS_SCP},
    severity=Severity.MEDIUM,
    twin=None,
    control="fails_procedure_steps",
    oracles=[succeeds()],
    safety=Safety.STORES_OBJECTS,
)
def tells_honestly_of_a_step(stage: Stage) -> None:
    """A procedure step that an honest modality creates and completes is taken.

    A device that refuses every procedure step also refuses the forged ones. Only where the honest
    modality is heard does the refusal of a liar mean anything.

    Remedy: Accept N-CREATE in progress, and N-SET until the step is completed or discontinued.
    """
    step = uid(stage, 7)
    with Requestor(stage) as peer:
        peer.associate((STEP,))
        create(peer, step, begun(stage), stimulus=True)
        change(peer, step, ended(stage))
        peer.release()
