"""MED-04 and 05 by STOW-RS: files that are programs, pages or archives at the same time."""

from harness.model import Role, Safety, Severity
from harness.oracles.web import says_what_it_sends
from harness.oracles.web_keeping import keeps_or_refuses, serves_as_objects
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.meta import POLYGLOTS, PREAMBLES
from simulators.web.depositing import GIVES_BACK, asks_for_the_file, leaves_from

_SHELVES = {shelf.name: shelf for shelf in (PREAMBLES, POLYGLOTS)}


@scenario(
    id="MED-305",
    verifies=["HOUSE/WEB-TEXT-IS-NO-MARKUP", "PS3.10/7.1"],
    threats=["T-INTEG-52", "T-CONF-42"],
    weakness=["CWE-434", "CWE-79"],
    references=["CVE-2019-11687"],
    role=Role.ACCEPTOR,
    needs=GIVES_BACK,
    severity=Severity.MEDIUM,
    twin="WEB-901",
    control="web_no_safe_headers",
    oracles=[keeps_or_refuses(malformed=False), says_what_it_sends(), serves_as_objects()],
    budget_s=40,
    safety=Safety.STORES_OBJECTS,
    vary=[
        {"shelf": shelf.name, "file": name} for shelf in _SHELVES.values() for name in shelf.makers
    ],
)
def is_two_things_at_once(stage: Stage) -> None:
    """A file that is something else at the same time is served as DICOM, and as nothing else.

    The preamble belongs to nobody, and behind the data set there is room for an archive. What a
    web server hands to a browser is what the browser thinks it is, unless the server says so
    and forbids to guess.

    Remedy: Send application/dicom with nosniff, and a preamble of your own.
    """
    if leaves_from(stage, _SHELVES[str(stage.case["shelf"])]) is not None:
        asks_for_the_file(stage)
