"""The twin of the parser scenarios."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import succeeds
from harness.registry import scenario
from harness.stage import Stage
from simulators import hostile, wire
from simulators.queries import STORAGE
from simulators.requestor import Requestor

_DEPTH = 3
_TEXT_VALUE = wire.Element(tag=0x0040A160, vr="UT", value="synthetic")


@scenario(
    id="PAR-900",
    verifies=["HOUSE/HONEST-SERVICE", "PS3.4/B.2.3", "PS3.5/7.5"],
    threats=["T-AVAIL-05"],
    weakness=[],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP},
    severity=Severity.MEDIUM,
    twin=None,
    control="refuses_nested",
    oracles=[succeeds()],
    safety=Safety.STORES_OBJECTS,
    # Alone: what stores at the same time elsewhere must not decide over its negative twins.
    alone=True,
)
def takes_a_nested_object(stage: Stage) -> None:
    """An object with sequences inside sequences is stored with success.

    Structured reports and enhanced images nest a few levels deep. A device that refuses every
    sequence would pass every test of its parser without having one.

    Remedy: Parse sequences of undefined length, at least as deep as ordinary objects nest them.
    """
    with Requestor(stage) as peer:
        peer.associate((STORAGE,))
        content = hostile.adding(hostile.elements(stage), wire.nested(_DEPTH, leaf=(_TEXT_VALUE,)))
        thing = hostile.as_object(content, peer.contexts[STORAGE.id])
        peer.store(thing, stimulus=True)
        peer.release()
