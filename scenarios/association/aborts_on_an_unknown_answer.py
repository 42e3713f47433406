"""ASC-01 for requestors: a PDU of unknown type instead of an answer."""

from harness.model import Claim, Role, Severity
from harness.oracles import client_refuses
from harness.registry import scenario
from harness.stage import Stage
from simulators import wire
from simulators.acceptor import Acceptor


@scenario(
    id="ASC-101",
    verifies=[
        "PS3.8/9.2/STA5",
        "PS3.8/9.2/AA-8",
        "HOUSE/BOUNDED-TIME",
        "HOUSE/CLIENT-TELLS-FAILURE",
    ],
    threats=["T-AVAIL-07"],
    weakness=["CWE-20"],
    references=["fodicom-http", "dcmjs-dimse-robust"],
    role=Role.REQUESTOR,
    needs={Claim.VERIFICATION_SCU},
    severity=Severity.MEDIUM,
    twin="ASC-950",
    control="scu_skips_unknown_pdu",
    oracles=[client_refuses()],
    vary=[{"type": number} for number in (0x00, 0x08, 0xFF)],
)
def aborts_on_an_unknown_answer(stage: Stage) -> None:
    """A requestor aborts when a PDU of unknown type answers its association request.

    A server of another protocol, or a hostile one, answers with a PDU type that nobody assigned. A
    careless requestor skips it, stops its timer because something came, and waits for ever: the
    examination cannot go on. A good one sends an A-ABORT (action AA-8) and tells its user; many
    just close the connection, which harms nobody.

    Remedy: Abort on every PDU type that is not expected while the answer is awaited.
    """
    with Acceptor(stage) as hostile:
        kind = int(str(stage.case["type"]))
        hostile.send(wire.RawPDU(type=kind, body=bytes(4)), lie="type")
        hostile.see_out()
