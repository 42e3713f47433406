"""WEB-13: what answers say of themselves."""

from harness.model import Claim, Role, Severity
from harness.oracles.web import says_what_it_sends
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import FINDS, ask_each
from simulators.web.request import Request
from simulators.web.target import path_of, web_of


@scenario(
    id="WEB-013",
    verifies=["HOUSE/WEB-TEXT-IS-NO-MARKUP"],
    threats=["T-CONF-42"],
    weakness=["CWE-693"],
    role=Role.ACCEPTOR,
    needs=FINDS | {Claim.WEB_PAGE},
    severity=Severity.LOW,
    twin="WEB-900",
    control="web_no_safe_headers",
    oracles=[says_what_it_sends()],
    budget_s=30,
)
def looks_at_pages_and_errors(stage: Stage) -> None:
    """Pages and errors say what they are, and forbid browsers to guess.

    A browser that guesses makes a page of an object whose preamble looks like one.

    Remedy: Send Content-Type and X-Content-Type-Options: nosniff with everything.
    """
    page, missing = str(web_of(stage).page), path_of(stage, "nothing-here")
    accepted = (("Accept", "text/html"),)
    ask_each(stage, [Request(target=each, headers=accepted) for each in (page, missing)])
