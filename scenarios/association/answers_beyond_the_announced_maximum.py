"""ASC-14 for requestors: a response far longer than the maximum that the device announced."""

from harness.model import Claim, Role, Severity
from harness.oracles import client_refuses, peak_memory_below
from harness.registry import scenario
from harness.stage import Stage
from simulators import wire
from simulators.acceptor import Acceptor

_DECLARED = 64 * 2**20
_STREAMED = 40 * 2**20
_CHUNK = bytes(256 * 1024)


@scenario(
    id="ASC-114",
    verifies=[
        "PS3.8/9.3.5",
        "PS3.8/D.1",
        "HOUSE/BOUNDED-PDU",
        "HOUSE/BOUNDED-MEMORY",
        "HOUSE/CLIENT-TELLS-FAILURE",
    ],
    threats=["T-AVAIL-08", "T-AVAIL-07"],
    weakness=["CWE-770"],
    references=["dicomrs-maxpdu"],
    role=Role.REQUESTOR,
    needs={Claim.VERIFICATION_SCU},
    severity=Severity.HIGH,
    twin="ASC-950",
    control="scu_max_pdu_not_enforced",
    oracles=[peak_memory_below(16), client_refuses()],
)
def answers_beyond_the_announced_maximum(stage: Stage) -> None:
    """A requestor does not gather a P-DATA-TF far above the maximum length that it announced.

    The device announces how much it takes in one PDU; the server declares 64 MiB and begins to send
    them. A requestor that reads on until the PDU is whole gives the server its memory. A good one
    aborts on the header, which already shows that the limit is broken.

    Remedy: Compare the length of each P-DATA-TF with the announced maximum before reading it.
    """
    with Acceptor(stage) as hostile:
        asked = hostile.first_request()
        assert hostile.request is not None
        announced = wire.max_length_of(hostile.request) or 0
        stage.require(0 < announced < _STREAMED // 2, f"the announced maximum is {announced}")
        pdv = wire.PDV(context_id=asked.context_id, command=True, length=_DECLARED - 4)
        head = wire.encode(wire.PDataTF(length=_DECLARED, pdvs=(pdv,)))
        hostile.send(head, stimulus=True, what="header of a P-DATA-TF of 64 MiB")
        for _ in range(_STREAMED // len(_CHUNK)):
            if hostile.ended or not hostile.send(_CHUNK, what="a quarter MiB of the same PDU"):
                break
        hostile.see_out()
