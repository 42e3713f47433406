"""TLS-16: a heartbeat that announces more than it has."""

from harness.model import Claim, Role, Severity
from harness.oracles import discards_heartbeat
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.hellos import every_suite, lie_in_a_heartbeat
from simulators.tls import HelloOffer, TlsVersion
from simulators.tls.codes import Extension

_PEER_ALLOWED_TO_SEND = b"\x01"
_BEYOND = 16


@scenario(
    id="TLS-016",
    verifies=["RFC6520/4", "HOUSE/NO-READ-PAST-LENGTH"],
    threats=["T-CONF-04"],
    weakness=["CWE-125"],
    references=["CVE-2014-0160"],
    role=Role.ACCEPTOR,
    needs={Claim.TLS_ACCEPTOR, Claim.VERIFICATION_SCP, Claim.TRUST_CONTROLLED},
    severity=Severity.CRITICAL,
    twin="TLS-900",
    control="answers_heartbeat",
    oracles=[discards_heartbeat()],
    budget_s=40,
)
def lies_in_a_heartbeat(stage: Stage) -> None:
    """A heartbeat whose length lies is not answered.

    The device that answers it sends what stands behind the request in its memory: keys, names,
    pictures of others. DICOM has no use for heartbeats at all. The request comes right after the
    device's first flight, before anybody has shown who he is, and lies by sixteen octets only.

    Remedy: Update the TLS library, and build it without heartbeats.
    """
    offer = HelloOffer(
        versions=(TlsVersion.TLS1_2,),
        suites=every_suite(),
        extra_extensions=((Extension.HEARTBEAT, _PEER_ALLOWED_TO_SEND),),
    )
    lie_in_a_heartbeat(stage, offer, more=_BEYOND)
