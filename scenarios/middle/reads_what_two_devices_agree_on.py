"""What two devices agree on when nobody disturbs them."""

from harness.model import Role, Severity
from harness.oracles.middle import pair_agrees_well
from harness.registry import scenario
from harness.stage import Stage
from scenarios.middle.lines import PAIR
from simulators.relay import Relay
from simulators.relay.security import observe_pair


@scenario(
    id="MIM-901",
    verifies=["RFC9325/3.1.1", "RFC9325/3.1.1/PREFER", "RFC9325/4.1", "HOUSE/SOUND-PARAMETERS"],
    threats=["T-CONF-01", "T-CONF-02"],
    weakness=["CWE-757", "CWE-326"],
    role=Role.REQUESTOR,
    needs=PAIR,
    severity=Severity.HIGH,
    twin="MIM-900",
    control="prefers_tls12",
    oracles=[pair_agrees_well()],
    budget_s=30,
)
def reads_what_two_devices_agree_on(stage: Stage) -> None:
    """Two devices agree on the newest TLS, the strong suite and the group that both claim.

    Each of them may pass alone and the pair may still meet at the weakest thing that both can do,
    because either side's order of preference decides. An eavesdropper needs no more than that.

    Remedy: Have both sides prefer TLS 1.3 and AEAD suites, and remove what neither needs.
    """
    with Relay(stage, "verification") as honest:
        honest.run()
        honest.witness_honest()
        observe_pair(stage, honest)
