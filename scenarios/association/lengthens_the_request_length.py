"""ASC-04, second half: the PDU length promises more than its items."""

from dataclasses import replace

from harness.model import Claim, Role, Severity
from harness.oracles import refuses
from harness.registry import scenario
from harness.stage import Stage
from simulators import wire
from simulators.requestor import Requestor


@scenario(
    id="ASC-004B",
    verifies=["PS3.8/9.3.1", "PS3.8/9.3.2", "PS3.8/9.1.5"],
    threats=["T-AVAIL-04", "T-INTEG-07"],
    weakness=["CWE-130"],
    references=["DCMTK-847"],
    role=Role.ACCEPTOR,
    needs={Claim.ACCEPTOR, Claim.VERIFICATION_SCP},
    severity=Severity.MEDIUM,
    twin="ASC-900",
    control="ignores_pdu_length_mismatch",
    oracles=[refuses()],
    vary=[{"long_by": count} for count in (1, 64)],
)
def lengthens_the_request_length(stage: Stage) -> None:
    """An association request that lacks its last bytes is not accepted.

    All items are there and sound, but the PDU promises more. A device that accepts takes the first
    bytes of the next PDU for the rest of this one, or the other way round: two parties that frame
    the same stream differently can be played against each other. A good device waits for the rest
    until ARTIM expires, and then closes.

    Remedy: Frame PDUs by their length alone; decide on a request only when all of it is there.
    """
    with Requestor(stage) as attacker:
        request = attacker.request()
        honest = len(wire.encode(request)) - 6
        attacker.send(replace(request, length=honest + int(str(stage.case["long_by"]))))
        attacker.wait_for_ending()
