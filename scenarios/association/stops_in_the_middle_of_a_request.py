"""ASC-03, second half: an unfinished request does not hold the connection."""

from harness.model import Claim, Role, Severity
from harness.oracles import refuses
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from simulators import wire
from simulators.requestor import Requestor


@scenario(
    id="ASC-003B",
    verifies=["PS3.8/9.1.5", "PS3.8/9.2/AA-2", "HOUSE/BOUNDED-TIME"],
    threats=["T-AVAIL-01", "T-AVAIL-04"],
    weakness=["CWE-772"],
    references=["DCMTK-825"],
    role=Role.ACCEPTOR,
    needs={Claim.ACCEPTOR, Claim.VERIFICATION_SCP},
    severity=Severity.MEDIUM,
    twin="ASC-900",
    control="no_artim",
    oracles=[refuses(Outcome.CLOSED, Outcome.RESET, Outcome.ABORTED)],
    vary=[{"length": 1024}, {"length": 0xFFFF_FFFF}],
)
def stops_in_the_middle_of_a_request(stage: Stage) -> None:
    """An association request that is never finished is given up when ARTIM expires.

    The attacker sends the header of an A-ASSOCIATE-RQ and then nothing. A device whose timer stops
    with the first byte keeps the connection, and a thread or a process with it, for ever. Whether
    it refuses an absurd length at once or waits for ARTIM is its own affair.

    Remedy: Let ARTIM run from the connection until the whole request has arrived.
    """
    with Requestor(stage) as attacker:
        length = int(str(stage.case["length"]))
        header = wire.encode(wire.AssociateRQ(length=length))[:6]
        what = f"header of an A-ASSOCIATE-RQ of {length} bytes"
        attacker.send(header, stimulus=True, what=what, lie="length")
        attacker.wait_for_ending()
