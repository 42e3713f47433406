"""The ClientHello arrives without its newest versions."""

from harness.model import Role, Severity
from harness.oracles.middle import stops_at_the_sentinel
from harness.registry import scenario
from harness.stage import Stage
from scenarios.middle.lines import BOTH_NOTICE, PAIR, alter
from simulators.relay import Relay, cut_offer
from simulators.relay.hello import VERSIONS
from simulators.relay.security import observe_downgrade


@scenario(
    id="MIM-002",
    verifies=["HOUSE/NO-DOWNGRADE", "RFC8446/4.1.3"],
    threats=["T-CONF-02"],
    weakness=["CWE-757"],
    role=Role.REQUESTOR,
    needs=PAIR,
    severity=Severity.HIGH,
    twin="MIM-900",
    control="scu_ignores_sentinel",
    oracles=[*BOTH_NOTICE, stops_at_the_sentinel()],
    budget_s=60,
)
def takes_versions_out_of_the_offer(stage: Stage) -> None:
    """Two devices that both speak a newer TLS cannot be led to an older one from the line.

    The list of versions is taken out of the ClientHello, so that the acceptor has to believe in
    an old client. An acceptor that knows TLS 1.3 marks its random value then, and a requestor that
    offered it stops at the mark, before any weakness of the older version can help the attacker.

    Remedy: Use a TLS library with the downgrade protection of RFC 8446 4.1.3 on both sides.
    """
    relay = Relay(stage, deviation=cut_offer(VERSIONS))
    alter(stage, relay)
    observe_downgrade(stage, relay)
