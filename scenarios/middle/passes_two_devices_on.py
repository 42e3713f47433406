"""The twin of all attacks on the line between two devices."""

from harness.model import Role, Safety, Severity
from harness.oracles.middle import pair_works
from harness.registry import scenario
from harness.stage import Stage
from scenarios.middle.lines import PAIR
from simulators.relay import Relay, look_for_object
from simulators.relay.security import observe_pair


@scenario(
    id="MIM-900",
    verifies=["HOUSE/HONEST-SERVICE"],
    threats=["T-AVAIL-07"],
    weakness=[],
    role=Role.REQUESTOR,
    needs=PAIR,
    severity=Severity.MEDIUM,
    twin=None,
    control="scu_reports_failure",
    oracles=[pair_works()],
    budget_s=30,
    safety=Safety.STORES_OBJECTS,
    vary=[{"service": "verification"}, {"service": "storage"}],
)
def passes_two_devices_on(stage: Stage) -> None:
    """A requestor and an acceptor work with each other over TLS through an honest relay.

    The relay stands where an attacker would, and changes nothing. What the two agree on is
    recorded: version, suite, group, names, certificates, and who closes. Two devices that do not
    work with each other refuse every attack on the line between them as well.

    Remedy: Set up trust, AE titles and TLS versions so that the two devices work together.
    """
    service = str(stage.case["service"])
    with Relay(stage, service) as honest:
        honest.run()
        honest.witness_honest()
        observe_pair(stage, honest)
    if service == "storage":
        look_for_object(stage)
