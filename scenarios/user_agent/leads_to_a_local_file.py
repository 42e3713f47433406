"""A redirect to a file of the client."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.agents import opens_no_local_file, refuses_answer
from harness.registry import scenario
from harness.stage import Stage
from simulators.origin.asking import Asking
from simulators.origin.exchange import Message, Reply


@scenario(
    id="WEB-118",
    verifies=["HOUSE/AGENT-INSIDE"],
    threats=["T-CONF-04", "T-INTEG-05"],
    weakness=["CWE-610"],
    references=["CVE-2009-0037"],
    role=Role.USER_AGENT,
    needs={Claim.AGENT_RETRIEVE},
    severity=Severity.HIGH,
    twin="WEB-951",
    control="agent_opens_file_addresses",
    oracles=[opens_no_local_file(), refuses_answer()],
    budget_s=30,
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
)
def leads_to_a_local_file(stage: Stage) -> None:
    """A redirect to a file address opens no file.

    Libraries that know many schemes follow to each of them. The server then chooses a file of the
    workstation, and the client takes it for what it retrieved, shows it or sends it on.

    Remedy: Follow redirects to http and https only, and to the same origin only.
    """
    with Asking(stage) as desk:
        message = Message(status=302, kind="", fields={"Location": desk.bait.as_uri()})
        reply = Reply(pieces=[message.framed()], lie="location")
        desk.ask("retrieve", lambda _asked: reply, "a redirect to a file")
