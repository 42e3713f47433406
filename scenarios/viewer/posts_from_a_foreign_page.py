"""WEB-18: a page of a stranger changes something in the name of its visitor."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.web_service import changes_nothing
from harness.registry import scenario
from harness.stage import Stage
from scenarios.viewer.steps import act, foreign_form, shown_at
from simulators.browser.planting import browser_of
from simulators.browser.stranger import Stranger
from simulators.browser.tab import Tab
from simulators.web.honest import ask_politely


@scenario(
    id="WEB-018B",
    verifies=["HOUSE/BROWSER-STRANGERS"],
    threats=["T-CONF-42"],
    weakness=["CWE-352", "CWE-749"],
    references=["Orthanc-CSRF-Lua"],
    role=Role.ACCEPTOR,
    needs={Claim.BROWSER_ACTION},
    severity=Severity.HIGH,
    twin="WEB-905D",
    control="viewer_takes_foreign_posts",
    oracles=[changes_nothing()],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
)
def posts_from_a_foreign_page(stage: Stage) -> None:
    """A page of another origin changes nothing at the device in the name of its visitor.

    The browser of whoever is signed in, or is in the right network, sends what any page asks it to
    send, with his cookie. The answer is not shown to that page; the change is made all the same.

    Remedy: Refuse changes whose Origin is not yours, and make the cookie SameSite=Strict.
    """
    mark = f"f{stage.token}"
    action = browser_of(stage).action
    assert action is not None
    with Tab(stage) as tab:
        target = tab.origin + action.path
        body = act(stage, mark).body.decode()
        with Stranger(stage, {"/": foreign_form(target, body, action.type)}) as stranger:
            tab.visit(stranger.url(), what="POST by a stranger's page", makes=("POST", target))
    answer = ask_politely(stage, shown_at(stage))
    stage.require(answer is not None and answer.status == 200, "nobody can say what it is now")
    changed = answer is not None and mark.encode() in answer.body
    stage.observe("effect", "polite", what="a change by a stranger's page", changed=changed)
