"""ASC-03: a declared length of 4 GiB costs the device nothing."""

from harness.model import Claim, Role, Severity
from harness.oracles import outcome_in, peak_memory_below
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from simulators import wire
from simulators.requestor import Requestor

_LOOK_S = 1.0


@scenario(
    id="ASC-003",
    verifies=["HOUSE/BOUNDED-MEMORY", "PS3.8/9.3.2"],
    threats=["T-AVAIL-03"],
    weakness=["CWE-789"],
    references=["DCMTK-825"],
    role=Role.ACCEPTOR,
    needs={Claim.ACCEPTOR, Claim.VERIFICATION_SCP},
    severity=Severity.HIGH,
    twin="ASC-900",
    control="trusts_pdu_length",
    oracles=[
        peak_memory_below(8),
        outcome_in(
            {Outcome.TIMEOUT, Outcome.ABORTED, Outcome.REJECTED, Outcome.CLOSED, Outcome.RESET}
        ),
    ],
    budget_s=15,
    alone=True,
)
def promises_more_than_it_sends(stage: Stage) -> None:
    """A declared length of 4 GiB does not cost the acceptor memory.

    Six bytes are enough to announce an A-ASSOCIATE-RQ of 4 GiB. A device that allocates what a
    stranger merely declares is taken out of service by a handful of connections, before anybody
    has named himself. A good device reads into a bounded buffer; whether it waits for more until
    ARTIM ends or refuses at once is judged elsewhere (ASC-003B).

    Remedy: Bound the length of an A-ASSOCIATE PDU and grow the buffer with the bytes that arrive.
    """
    with Requestor(stage) as attacker:
        header = wire.encode(wire.AssociateRQ(length=0xFFFF_FFFF))[:6]
        attacker.send(
            header, stimulus=True, what="header of an A-ASSOCIATE-RQ of 4 GiB", lie="length"
        )
        attacker.wait_for_ending(_LOOK_S)
