"""MED-04 and 05 by import: files that are programs, pages or archives too."""

from harness.model import Role, Safety, Severity
from harness.oracles import no_file_outside
from harness.oracles.web import says_what_it_sends
from harness.oracles.web_keeping import keeps_or_refuses, serves_as_objects
from harness.registry import scenario
from harness.stage import Stage
from scenarios.imports.steps import every_file_of, imports
from simulators.corpus.meta import POLYGLOTS, PREAMBLES
from simulators.web.depositing import asks_for_the_file
from simulators.web.ways_in import IMPORTS

_SHELVES = {shelf.name: shelf for shelf in (PREAMBLES, POLYGLOTS)}


@scenario(
    id="MED-350",
    verifies=["HOUSE/WEB-TEXT-IS-NO-MARKUP", "HOUSE/FILES-INSIDE", "PS3.10/7.1"],
    threats=["T-INTEG-52", "T-CONF-42"],
    weakness=["CWE-434", "CWE-22"],
    references=["CVE-2019-11687"],
    role=Role.ACCEPTOR,
    needs=IMPORTS,
    severity=Severity.MEDIUM,
    twin="WEB-911",
    control="web_no_safe_headers",
    oracles=[
        keeps_or_refuses(malformed=False),
        says_what_it_sends(),
        serves_as_objects(),
        no_file_outside(),
    ],
    budget_s=40,
    safety=Safety.STORES_OBJECTS,
    alone=True,
    vary=every_file_of(*_SHELVES.values()),
)
def is_two_things_at_once(stage: Stage) -> None:
    """An imported file that is something else too is taken for DICOM, or for nothing.

    An import that takes archives and files by one address looks at the octets to tell them
    apart. A file that is both is unpacked by one program and shown by the next.

    Remedy: Decide once, by the media type; send application/dicom with nosniff.
    """
    if imports(stage, _SHELVES[str(stage.case["shelf"])]) is not None:
        asks_for_the_file(stage)
