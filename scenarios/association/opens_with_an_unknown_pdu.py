"""ASC-01: the first PDU has a type that the standard does not know."""

from harness.model import Claim, Role, Severity
from harness.oracles import refuses
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from simulators import wire
from simulators.requestor import Requestor


@scenario(
    id="ASC-001",
    verifies=["PS3.8/9.2/AA-1", "HOUSE/ORDERLY-REFUSAL"],
    threats=["T-AVAIL-04", "T-AVAIL-02"],
    weakness=["CWE-20"],
    references=["fodicom-http", "dcmjs-dimse-robust"],
    role=Role.ACCEPTOR,
    needs={Claim.ACCEPTOR, Claim.VERIFICATION_SCP},
    severity=Severity.MEDIUM,
    twin="ASC-900",
    control="unknown_pdu_ignored",
    oracles=[refuses(Outcome.ABORTED)],
    vary=[{"type": number} for number in (0x00, 0x08, 0x7F, 0xFF)],
)
def opens_with_an_unknown_pdu(stage: Stage) -> None:
    """An acceptor aborts when the first PDU has an unknown type.

    A scanner, a worm or a fuzzer opens the port and sends ten bytes that are no PDU. A device that
    skips them may also forget its timer, and then holds the connection for as long as the stranger
    likes; one that trusts them reads beyond its buffer. A good device sends an A-ABORT (AA-1).

    Remedy: Answer an unrecognised PDU in Sta2 by A-ABORT, and keep ARTIM running until the end.
    """
    with Requestor(stage) as attacker:
        unknown = wire.RawPDU(type=int(str(stage.case["type"])), body=bytes(4))
        attacker.send(unknown, lie="type", stimulus=True)
        attacker.wait_for_ending()
