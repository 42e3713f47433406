"""ASC-18: release, abort and reset collide with an operation or with each other."""

from harness.model import Claim, Role, Severity
from harness.oracles import outcome_in
from harness.oracles.outcomes import REFUSALS
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from simulators import wire
from simulators.requestor import ANSWER_S, Requestor

_ROUNDS = 10
_COLLISIONS = ("release twice", "release", "abort", "reset")
_ORDERLY = frozenset({Outcome.RELEASED, Outcome.RESPONDED})


@scenario(
    id="ASC-018",
    verifies=["PS3.8/9.2", "PS3.8/9.2/AA-4", "HOUSE/STAYS-IN-SERVICE", "HOUSE/BOUNDED-TIME"],
    threats=["T-AVAIL-02"],
    weakness=["CWE-416", "CWE-362"],
    references=["DCMTK-1075"],
    role=Role.ACCEPTOR,
    needs={Claim.ACCEPTOR, Claim.VERIFICATION_SCP},
    severity=Severity.HIGH,
    twin="ASC-900",
    control="dies_on_release_collision",
    oracles=[outcome_in(REFUSALS | _ORDERLY)],
    vary=[{"collision": name} for name in _COLLISIONS],
)
def collides_with_an_operation(stage: Stage) -> None:
    """An acceptor survives the end of an association in the middle of an operation.

    Requests and releases normally take turns, so that code which frees an association while a
    response is still being made runs seldom, until somebody sends both in one segment, ten times.
    What the device answers is its own affair; that it goes on serving is not.

    Remedy: Let one owner end an association, after the operation that uses it has ended.
    """
    collision = str(stage.case["collision"])
    echo = b"".join(map(wire.encode, wire.p_data(1, wire.c_echo_rq())))
    release = wire.encode(wire.ReleaseRQ())
    both = {
        "release twice": release + release,
        "release": echo + release,
        "abort": echo + wire.encode(wire.Abort()),
        "reset": echo,
    }[collision]
    for _ in range(_ROUNDS):
        with Requestor(stage) as attacker:
            attacker.associate()
            attacker.send(both, stimulus=True, what=f"operation and {collision} in one segment")
            if collision == "reset":
                attacker.close(reset=True)
    with Requestor(stage) as attacker:
        attacker.associate()
        attacker.send(both, stimulus=True, what=f"operation and {collision} in one segment")
        attacker.wait_for_ending(ANSWER_S)
