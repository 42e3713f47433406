"""DIM-06: fragments that come in an order, or with flags, that no message has."""

from harness.model import Claim, Role, Severity
from harness.oracles import refuses_operation
from harness.registry import scenario
from harness.stage import Stage
from simulators import wire
from simulators.requestor import Requestor

_DATA = wire.PDV(data=b"\x08\0\x60\0\2\0\0\0OT")


def _orders(command: bytes) -> dict[str, tuple[wire.PDV, ...]]:
    half = len(command) // 2 & ~1
    head, tail = command[:half], command[half:]
    whole = wire.PDV(command=True, data=command)
    return {
        "data set before its command": (_DATA, whole),
        "data set inside its command": (
            wire.PDV(command=True, last=False, data=head),
            _DATA,
            wire.PDV(command=True, data=tail),
        ),
        "last fragment twice": (
            wire.PDV(command=True, data=head),
            wire.PDV(command=True, data=tail),
        ),
    }


@scenario(
    id="DIM-006",
    verifies=["PS3.8/E.2", "PS3.8/E.1", "HOUSE/STAYS-IN-SERVICE"],
    threats=["T-AVAIL-02", "T-INTEG-07"],
    weakness=["CWE-696", "CWE-20"],
    role=Role.ACCEPTOR,
    needs={Claim.VERIFICATION_SCP},
    severity=Severity.MEDIUM,
    twin="ASC-900",
    control="ignores_fragment_flags",
    oracles=[refuses_operation()],
    vary=[{"order": name} for name in _orders(b"")],
)
def refuses_disordered_fragments(stage: Stage) -> None:
    """Fragments out of order or with a false last-fragment flag are not put together.

    The flags of the message control header are all that tells where a message ends. A device that
    gathers by guess joins bytes that never belonged together, so that a filter in front of it sees
    another message than it does; one that does not check at all may read past what it has. A good
    device aborts.

    Remedy: Keep command and data set fragments apart, and abort on one that cannot come now.
    """
    with Requestor(stage) as attacker:
        attacker.associate()
        command = wire.encode_command(wire.c_echo_rq(attacker.next_message_id()))
        for fragment in _orders(command)[str(stage.case["order"])]:
            if not attacker.send(wire.PDataTF(pdvs=(fragment,)), lie="pdvs[0].control"):
                break
        attacker.wait_for_ending()
