"""WEB-14: requests that are wrong in many ways."""

from harness.model import Role, Severity
from harness.oracles.web import gives_away_nothing
from harness.oracles.web_service import serves_the_web
from harness.registry import scenario
from harness.stage import Stage
from scenarios.web.steps import FINDS, ask_each
from simulators.lab import lab_of
from simulators.web.honest import look, stow, stow_body
from simulators.web.request import Request
from simulators.web.target import path_of

_TARGETS = (
    "studies?limit=abc", "studies?limit=-1", "studies?offset=-1", "studies?includefield=zzzz",
    "studies?StudyDate=%ff", "studies/%00/metadata", "studies/%zz", "studies/1.2/series/x",
    "studies/1.2/series/1.3/instances/1.4/frames/abc", "nothing-here",
)  # fmt: skip
_INSIDE = {
    "a stack": b"Traceback (most recent call last)",
    "a source line": b'File "/',
    "a Java frame": b".java:",
    "a .NET frame": b"   at System.",
    "a C++ source": b".cpp:",
    "a statement": b"SELECT ",
    "a database": b"sqlite3.",
}


@scenario(
    id="WEB-014",
    verifies=["HOUSE/WEB-ERRORS-SAY-LITTLE"],
    threats=["T-CONF-03"],
    weakness=["CWE-209"],
    references=["CVE-2018-17891"],
    role=Role.ACCEPTOR,
    needs=FINDS,
    severity=Severity.LOW,
    twin="WEB-900",
    control="web_shows_traceback",
    oracles=[gives_away_nothing("an error shows the inside"), serves_the_web()],
    budget_s=60,
)
def provokes_errors(stage: Stage) -> None:
    """Errors show no stack, path or statement.

    What an error tells of versions, folders and tables saves an attacker the search for them.

    Remedy: Write details into the log under a number, and give the client the number.
    """
    marks = {**_INSIDE, "its folder": str(lab_of(stage).work).encode()}
    requests = [Request(target=path_of(stage, tail)) for tail in _TARGETS]
    requests += [stow(stage, [b"no object"]), stow_body(stage, b"no body")]
    ask_each(stage, requests, marks)
    look(stage)
