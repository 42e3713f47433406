"""ASC-10: bit 0 of the protocol version is clear."""

from dataclasses import replace

from harness.model import Claim, Role, Severity
from harness.oracles import refuses_association
from harness.registry import scenario
from harness.stage import Stage
from simulators.requestor import Requestor


@scenario(
    id="ASC-010",
    verifies=["PS3.8/9.3.2/VERSION", "PS3.8/9.3.4", "PS3.8/9.2/AE-6"],
    threats=["T-INTEG-04"],
    weakness=["CWE-757"],
    role=Role.ACCEPTOR,
    needs={Claim.ACCEPTOR, Claim.VERIFICATION_SCP},
    severity=Severity.LOW,
    twin="ASC-900",
    control="ignores_protocol_version",
    oracles=[refuses_association((1, 2, 2))],
    vary=[{"version": 0x0000}, {"version": 0x8000}],
)
def offers_no_known_protocol_version(stage: Stage) -> None:
    """A request that does not offer version 1 of the protocol is rejected.

    Bit 0 stands for the only version there is. A device that does not look agrees to a protocol
    that nobody has defined, and so would agree to a weaker one if there ever were one.

    Remedy: Test bit 0 of the protocol version, and reject with result 1, source 2, reason 2.
    """
    with Requestor(stage) as attacker:
        version = int(str(stage.case["version"]))
        request = replace(attacker.request(), protocol_version=version)
        attacker.send(request, lie="protocol_version", stimulus=True)
        attacker.wait_for_ending()
