"""ASC-04 for requestors: the length of an A-ASSOCIATE-AC contradicts its items."""

from dataclasses import replace

from harness.model import Claim, Role, Severity
from harness.oracles import client_refuses
from harness.registry import scenario
from harness.stage import Stage
from simulators import wire
from simulators.acceptor import Acceptor

_HEADER_BYTES = 6


@scenario(
    id="ASC-104",
    verifies=[
        "PS3.8/9.3.1",
        "PS3.8/9.3.3",
        "HOUSE/NO-READ-PAST-LENGTH",
        "HOUSE/CLIENT-GIVES-UP",
        "HOUSE/CLIENT-TELLS-FAILURE",
    ],
    threats=["T-AVAIL-06", "T-INTEG-07"],
    weakness=["CWE-130"],
    references=["DCMTK-847", "CVE-2015-8979"],
    role=Role.REQUESTOR,
    needs={Claim.VERIFICATION_SCU},
    severity=Severity.MEDIUM,
    twin="ASC-950",
    control="scu_ignores_pdu_length_mismatch",
    oracles=[client_refuses()],
    vary=[{"off_by": count} for count in (-1, 1, -64, 64)],
)
def accepts_with_a_wrong_length(stage: Stage) -> None:
    """A requestor uses no acceptance whose items do not fill exactly the stated length.

    The length of the PDU and the lengths of its items are two statements about the same bytes. A
    requestor that follows the items reads past the PDU, and a firewall that follows the PDU sees
    another conversation than the requestor does. A good one aborts; it may wait for bytes that were
    promised, but not for ever.

    Remedy: Read exactly the stated length, and abort unless the items fill it.
    """
    with Acceptor(stage) as hostile:
        honest = hostile.accept()
        length = len(wire.encode(honest)) - _HEADER_BYTES + int(str(stage.case["off_by"]))
        hostile.send(replace(honest, length=length))
        hostile.see_out()
