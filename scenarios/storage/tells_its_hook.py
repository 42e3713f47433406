"""The twin of the hostile values for a command that runs for received objects."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import hook_sees_values, succeeds
from harness.registry import scenario
from harness.stage import Stage
from simulators.receive_hook import HookWatch


@scenario(
    id="STO-912",
    verifies=["HOUSE/HONEST-SERVICE"],
    threats=["T-AVAIL-02"],
    weakness=[],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP, Claim.RECEIVE_HOOK},
    severity=Severity.LOW,
    twin=None,
    control="fails_store",
    oracles=[succeeds(), hook_sees_values(honest=True)],
    safety=Safety.STORES_OBJECTS,
    alone=True,
)
def tells_its_hook(stage: Stage) -> None:
    """The command that was set up for received objects is called, with the values as they came.

    That a command was not misled by a hostile name means something only where it is called at all,
    and gets plain names.

    Remedy: Call the command for each stored object, with each value as one argument.
    """
    HookWatch(stage).send_plain()
