"""ASC-03 for requestors: an A-ASSOCIATE-AC declares 4 GiB."""

from harness.model import Claim, Role, Severity
from harness.oracles import client_refuses, peak_memory_below
from harness.registry import scenario
from harness.stage import Stage
from simulators import wire
from simulators.acceptor import Acceptor

_HEADER_BYTES = 6


@scenario(
    id="ASC-103",
    verifies=[
        "PS3.8/9.3.3",
        "HOUSE/BOUNDED-MEMORY",
        "HOUSE/CLIENT-GIVES-UP",
        "HOUSE/CLIENT-TELLS-FAILURE",
    ],
    threats=["T-AVAIL-08", "T-AVAIL-07"],
    weakness=["CWE-789"],
    references=["DCMTK-825"],
    role=Role.REQUESTOR,
    needs={Claim.VERIFICATION_SCU},
    severity=Severity.HIGH,
    twin="ASC-950",
    control="scu_trusts_pdu_length",
    oracles=[peak_memory_below(16), client_refuses()],
)
def promises_an_endless_acceptance(stage: Stage) -> None:
    """A declared length of 4 GiB in an acceptance does not cost the requestor memory.

    Six bytes announce an A-ASSOCIATE-AC of 4 GiB. A requestor that allocates what a server merely
    declares takes the workstation down with it. A good one refuses the length at once, or reads
    into a buffer that grows with what arrives and gives up when nothing does.

    Remedy: Bound the length of an A-ASSOCIATE-AC and grow the buffer with the bytes that arrive.
    """
    with Acceptor(stage) as hostile:
        header = wire.encode(wire.AssociateAC(length=0xFFFF_FFFF))[:_HEADER_BYTES]
        hostile.send(header, lie="length", what="header of an A-ASSOCIATE-AC of 4 GiB")
        hostile.see_out()
