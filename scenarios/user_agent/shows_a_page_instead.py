"""WEB-13, turned round: a page where DICOM was asked for."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.agents import refuses_answer
from harness.registry import scenario
from harness.stage import Stage
from simulators.origin.asking import plays
from simulators.origin.bodies import page
from simulators.origin.exchange import Reply


@scenario(
    id="WEB-109",
    verifies=["HOUSE/AGENT-TRUE-SUCCESS"],
    threats=["T-INTEG-05"],
    weakness=["CWE-436"],
    role=Role.USER_AGENT,
    needs={Claim.AGENT_RETRIEVE},
    severity=Severity.MEDIUM,
    twin="WEB-951",
    control="agent_ignores_media_types",
    oracles=[refuses_answer()],
    budget_s=30,
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
    vary=[{"how": "a page"}, {"how": "a page that says it is DICOM"}],
)
def shows_a_page_instead(stage: Stage) -> None:
    """A page is not taken for an instance.

    The page is a proxy's that wants a sign-in, or an attacker's. A client that keeps it as an
    object has lost the study without a word, and whatever opens the file later meets markup.

    Remedy: Compare the media type with what was asked for, and look for the DICM prefix.
    """
    how = str(stage.case["how"])
    reply = Reply(pieces=[page()[how].framed()], lie="content")
    plays(stage, "retrieve", lambda _asked: reply, how)
