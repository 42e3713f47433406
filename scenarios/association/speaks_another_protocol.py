"""ASC-02: something that is not DICOM at all knocks on the port."""

from harness.model import Claim, Role, Severity
from harness.oracles import refuses
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from simulators.requestor import Requestor

_HELLO_BODY = bytes.fromhex("0303") + bytes(range(32)) + bytes.fromhex("00 0002 1301 01 00")
_HELLO = b"\x01" + len(_HELLO_BODY).to_bytes(3, "big") + _HELLO_BODY

_OPENINGS = {
    "HTTP": b"GET / HTTP/1.1\r\nHost: assay\r\nConnection: close\r\n\r\n",
    "TLS": b"\x16\x03\x01" + len(_HELLO).to_bytes(2, "big") + _HELLO,
    "SSH": b"SSH-2.0-assay\r\n",
}
"""How clients of other protocols begin; the TLS one is a ClientHello (RFC 5246 7.4.1.2)."""


@scenario(
    id="ASC-002",
    verifies=["PS3.8/9.2/AA-1", "PS3.8/9.1.5", "HOUSE/ORDERLY-REFUSAL"],
    threats=["T-AVAIL-04", "T-AVAIL-02"],
    weakness=["CWE-20"],
    references=["fodicom-http"],
    role=Role.ACCEPTOR,
    needs={Claim.ACCEPTOR, Claim.VERIFICATION_SCP, Claim.PLAIN_ACCEPTOR},
    severity=Severity.MEDIUM,
    twin="ASC-900",
    control="answers_any_protocol",
    oracles=[refuses(Outcome.ABORTED)],
    vary=[{"protocol": name} for name in _OPENINGS],
)
def speaks_another_protocol(stage: Stage) -> None:
    """An acceptor ends a connection on which another protocol than DICOM is spoken.

    Inventory scanners, browsers and misrouted clients send HTTP, TLS or SSH to every open port of
    a hospital network. Their text reads as a PDU of more than a gigabyte: a device that waits for
    the rest, or politely answers, loses a connection to each of them.

    Remedy: Decide on the first byte; abort or close, at the latest when ARTIM expires.
    """
    with Requestor(stage) as stranger:
        protocol = str(stage.case["protocol"])
        stranger.send(_OPENINGS[protocol], stimulus=True, what=f"opening of {protocol}")
        stranger.wait_for_ending()
