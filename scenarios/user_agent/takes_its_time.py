"""RES, turned round: answers that come too slowly, or not at all."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.agents import gives_up_in_time
from harness.registry import scenario
from harness.stage import Stage
from simulators.origin.asking import plays
from simulators.origin.framing import dripping, interim, silent


@scenario(
    id="WEB-106",
    verifies=["HOUSE/AGENT-BOUNDED", "HOUSE/AGENT-IN-ORDER"],
    threats=["T-AVAIL-07"],
    weakness=["CWE-400"],
    references=["CVE-2021-3737"],
    role=Role.USER_AGENT,
    needs={Claim.AGENT_SEARCH, Claim.AGENT_TIMEOUT},
    severity=Severity.HIGH,
    twin="WEB-950",
    control="agent_waits_without_limit",
    oracles=[gives_up_in_time()],
    budget_s=30,
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
    vary=[{"how": "silence"}, {"how": "octets"}, {"how": "interim"}],
)
def takes_its_time(stage: Stage) -> None:
    """An answer that does not become whole in the claimed time is given up.

    Most libraries limit the time between two reads. A server that sends an octet now and then, or
    one interim answer after the other, then holds the client for as long as it likes, and with it
    the person who waits.

    Remedy: Limit the time for the whole answer beside that for the next octet.
    """
    how = str(stage.case["how"])
    slow = {"silence": silent, "octets": lambda: dripping(stage), "interim": interim}
    plays(stage, "search", lambda _asked: slow[how](), f"an answer that takes its time ({how})")
