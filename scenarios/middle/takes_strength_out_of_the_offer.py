"""The ClientHello arrives with its weakest suites only, or without an extension."""

from harness.model import Role, Severity
from harness.registry import scenario
from harness.stage import Stage
from scenarios.middle.lines import BOTH_NOTICE, PAIR, alter
from simulators.relay import Relay, cut_offer
from simulators.relay.hello import MASTER_SECRET, SUITES


@scenario(
    id="MIM-002B",
    verifies=["HOUSE/NO-DOWNGRADE", "HOUSE/CLIENT-TELLS-FAILURE"],
    threats=["T-CONF-02"],
    weakness=["CWE-757"],
    role=Role.REQUESTOR,
    needs=PAIR,
    severity=Severity.HIGH,
    twin="MIM-900",
    control="scu_hides_failure",
    oracles=[*BOTH_NOTICE],
    budget_s=60,
    vary=[{"taken": SUITES}, {"taken": MASTER_SECRET}],
)
def takes_strength_out_of_the_offer(stage: Stage) -> None:
    """Two devices whose offer was weakened on the line do not complete their handshake.

    Only the suite that the requestor likes least is left in its ClientHello, or an extension is
    missing that binds the keys to the handshake. Each of the two sees a hello that is well formed;
    the transcript that both authenticate at the end is the only thing that tells.

    Remedy: Leave the check of Finished to the TLS library, and report its failure to the user.
    """
    alter(stage, Relay(stage, deviation=cut_offer(str(stage.case["taken"]))))
