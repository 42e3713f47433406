"""RES-12: fifty requests that make a device raise errors of its own."""

from collections.abc import Callable

from harness.model import Claim, Role, Severity
from harness.oracles import serves_others
from harness.registry import scenario
from harness.stage import Stage
from scenarios.resources.polite import ask_politely
from simulators import wire
from simulators.requestor import ANSWER_S, Requestor

_BURST = 50
_SERVED_S = 10.0
_REACTION_S = 0.5

_PROVOCATIONS: tuple[Callable[[], wire.PDU], ...] = (
    lambda: wire.RawPDU(type=0xFF, body=bytes(4)),
    lambda: wire.PDataTF(pdvs=(wire.PDV(context_id=1, command=True, data=b"\xff" * 64),)),
    lambda: wire.PDataTF(pdvs=(wire.PDV(context_id=255, command=True, data=bytes(8)),)),
    lambda: wire.PDataTF(pdvs=(b"\x00\x00\x00\x01\x01",)),
)
"""An unknown PDU, a command set of noise, an unknown context, and a PDV without a header."""


@scenario(
    id="RES-012",
    verifies=["HOUSE/STAYS-IN-SERVICE", "HOUSE/RECOVERS"],
    threats=["T-AVAIL-01", "T-AVAIL-02"],
    weakness=["CWE-755"],
    references=["dcm4che-listener-OOM", "DCMTK-3261f13de", "DCMTK-7c3ca88c6"],
    role=Role.ACCEPTOR,
    needs={Claim.ACCEPTOR, Claim.VERIFICATION_SCP},
    severity=Severity.HIGH,
    twin="ASC-900",
    control="worker_lost_on_error",
    oracles=[serves_others(_SERVED_S)],
    budget_s=90,
    alone=True,
    bystander=False,
)
def provokes_a_burst_of_errors(stage: Stage) -> None:
    """After a burst of fifty errors a device still serves everybody.

    An error that nobody catches takes a thread, a worker or a listener away. One is not noticed;
    the pool is empty after a dozen, and the port still accepts connections that nobody reads.

    Remedy: Catch every error where the connection is served, and give the worker back in any case.
    """
    for number in range(_BURST):
        with Requestor(stage) as attacker:
            if attacker.connection is None:
                break
            attacker.send(attacker.request())
            if not isinstance(attacker.receive(ANSWER_S), wire.AssociateAC):
                break
            provocation = _PROVOCATIONS[number % len(_PROVOCATIONS)]()
            attacker.send(provocation, stimulus=True, what=f"provocation {number + 1}")
            attacker.receive(_REACTION_S)
    ask_politely(stage, stage.artim_s + _SERVED_S)
