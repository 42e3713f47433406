"""ASC-17 for requestors: bytes after the last PDU, on a socket that stays open."""

from harness.model import Claim, Role, Severity
from harness.oracles import client_ends, ends
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from simulators import wire
from simulators.acceptor import Acceptor

_GARBAGE_BYTES = 256


@scenario(
    id="ASC-117",
    verifies=["PS3.8/9.2", "PS3.8/9.2/AA-3", "HOUSE/BOUNDED-TIME"],
    threats=["T-AVAIL-07"],
    weakness=["CWE-835"],
    references=["DCMTK-f9148dd88"],
    role=Role.REQUESTOR,
    needs={Claim.VERIFICATION_SCU},
    severity=Severity.MEDIUM,
    twin="ASC-950",
    control="scu_lingers_after_release",
    oracles=[client_ends(), ends({Outcome.CLOSED, Outcome.RESET}, within="requestor_timeout_s")],
    vary=[{"after": name} for name in ("A-RELEASE-RP", "A-ABORT")],
)
def sends_garbage_after_the_end(stage: Stage) -> None:
    """A requestor closes the connection when its association has ended, whatever still comes.

    The server ends the association in order, keeps the connection open and sends bytes that mean
    nothing. A requestor that waits for the server to close, or that tries to make sense of the
    bytes, is held for as long as the server likes. A good one closes: the association is over.

    Remedy: Close the connection on an A-RELEASE-RP and on an A-ABORT, and read nothing after it.
    """
    with Acceptor(stage) as hostile:
        asked = hostile.first_request()
        last: wire.PDU = wire.Abort()
        if stage.case["after"] == "A-RELEASE-RP":
            number = asked.command.integer("MessageID") or 0
            hostile.invoke(asked.context_id, wire.c_echo_rsp(number))
            due = isinstance(hostile.receive(10.0), wire.ReleaseRQ)
            stage.require(due, "the device did not ask for release")
            last = wire.ReleaseRP()
        garbage = stage.rng.randbytes(_GARBAGE_BYTES)
        hostile.send(wire.encode(last) + garbage, stimulus=True, what="the last PDU and garbage")
        hostile.wait_for_close()
