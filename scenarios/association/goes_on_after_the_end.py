"""ASC-17 for acceptors: garbage after A-RELEASE-RP and after the device's A-ABORT."""

from harness.model import Claim, Role, Severity
from harness.oracles import ends
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from scenarios.association.steps import watch_until_closed
from simulators import wire
from simulators.requestor import ANSWER_S, Requestor

_GARBAGE_BYTES = 256


@scenario(
    id="ASC-017",
    verifies=["PS3.8/9.1.5", "PS3.8/9.2/AA-2", "PS3.8/9.2/AA-7", "HOUSE/BOUNDED-TIME"],
    threats=["T-AVAIL-01", "T-AVAIL-04"],
    weakness=["CWE-835", "CWE-772"],
    references=["DCMTK-f9148dd88"],
    role=Role.ACCEPTOR,
    needs={Claim.ACCEPTOR, Claim.VERIFICATION_SCP},
    severity=Severity.MEDIUM,
    twin="ASC-900",
    control="no_artim_after_abort",
    oracles=[ends({Outcome.CLOSED, Outcome.RESET}, {Outcome.ALERT})],
    vary=[{"after": "release"}, {"after": "abort"}],
)
def goes_on_after_the_end(stage: Stage) -> None:
    """A connection whose association has ended is closed when ARTIM expires, whatever still comes.

    After its last PDU a device waits for the peer to close. An attacker does not: it keeps the
    connection open and sends garbage. Without a timer each such connection is lost to others; with
    a careless loop it also keeps a processor busy.

    Remedy: Start ARTIM with A-RELEASE-RP and A-ABORT, and close the connection when it expires.
    """
    with Requestor(stage) as attacker:
        attacker.associate()
        after = str(stage.case["after"])
        last = wire.ReleaseRQ() if after == "release" else wire.RawPDU(type=0xFF, body=bytes(4))
        attacker.send(last, stimulus=True, what=f"what makes the device end by {after}, kept open")
        attacker.receive(ANSWER_S)
        if attacker.ended is None:
            garbage = b"\xfe" + stage.rng.randbytes(_GARBAGE_BYTES - 1)
            attacker.send(garbage, stimulus=True, what="garbage after the end")
        watch_until_closed(attacker)
