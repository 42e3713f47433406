"""ASC-16: we announce a maximum length of 0, 1, 7, 8 or 4294967295."""

from harness.model import Claim, Role, Severity
from harness.oracles import keeps_to_announced_maximum
from harness.registry import scenario
from harness.stage import Stage
from scenarios.association.steps import conclude_without_acceptance
from simulators import wire
from simulators.requestor import ANSWER_S, Requestor

_MAXIMA = (0, 1, 7, 8, 0xFFFF_FFFF)
"""No limit; no room for a fragment (two); room for two bytes of it; the largest number."""


@scenario(
    id="ASC-016",
    verifies=["PS3.8/D.1", "PS3.8/9.3.5", "HOUSE/BOUNDED-TIME"],
    threats=["T-AVAIL-04", "T-AVAIL-02"],
    weakness=["CWE-835", "CWE-191"],
    role=Role.ACCEPTOR,
    needs={Claim.ACCEPTOR, Claim.VERIFICATION_SCP},
    severity=Severity.MEDIUM,
    twin="ASC-900",
    control="ignores_peer_max_length",
    oracles=[keeps_to_announced_maximum()],
    vary=[{"maximum": number} for number in _MAXIMA],
)
def announces_an_extreme_maximum(stage: Stage) -> None:
    """A response is cut to the maximum length that the peer announced, however odd, or not sent.

    From the maximum a sender subtracts six bytes of overhead to get the size of a fragment. With a
    maximum of 1 or 7 that leaves nothing or less: careless senders loop for ever over empty
    fragments, or read gigabytes of their own memory. A good one cuts, refuses, or aborts.

    Remedy: Refuse maxima that leave no room for a fragment; treat 0 as no limit, not as a size.
    """
    with Requestor(stage) as attacker:
        request = attacker.request(max_length=int(str(stage.case["maximum"])))
        attacker.send(request, lie=f"items[{len(request.items) - 1}].items[0].value")
        answer = attacker.receive(ANSWER_S)
        if not isinstance(answer, wire.AssociateAC):
            conclude_without_acceptance(attacker, answer)
            return
        attacker.max_length = wire.max_length_of(answer) or 0
        attacker.invoke(wire.c_echo_rq())
        attacker.wait_for_ending()
