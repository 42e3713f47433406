"""WEB-13: markup in the address of what does not exist."""

from urllib.parse import quote

from harness.model import Role, Severity
from harness.oracles.web import escapes_markup
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import FINDS, ask_each
from simulators.web.request import Request
from simulators.web.target import path_of


@scenario(
    id="WEB-013B",
    verifies=["HOUSE/WEB-TEXT-IS-NO-MARKUP"],
    threats=["T-CONF-42"],
    weakness=["CWE-79"],
    role=Role.ACCEPTOR,
    needs=FINDS,
    severity=Severity.MEDIUM,
    twin="WEB-900",
    control="web_reflects_error",
    oracles=[escapes_markup()],
    budget_s=30,
)
def writes_markup_into_addresses(stage: Stage) -> None:
    """Markup in an address is not part of the error page.

    A link with a script in it runs in the name of the archive for whoever follows it.

    Remedy: Escape what errors repeat, or repeat nothing; send errors as plain text.
    """
    tag = f"<b id=a{stage.token}>"
    place = path_of(stage, "studies")
    targets = (
        path_of(stage, quote(tag)),
        path_of(stage, tag.replace(" ", "/")),
        f"{place}/{quote(tag)}/metadata",
        f"{place}?StudyInstanceUID={quote(tag)}",
        f"{place}?limit={quote(tag)}",
        f"{place}?{quote(tag)}=1",
    )
    marks = {"markup": tag.encode()}
    page = (("Accept", "text/html"),)
    ask_each(stage, [Request(target=target, headers=page) for target in targets], marks)
