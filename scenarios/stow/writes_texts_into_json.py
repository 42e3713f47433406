"""TXT-05, 06, 10 and 11 by the web: texts of the corpus, given back and written as JSON."""

from harness.model import Role, Safety, Severity
from harness.oracles.web_keeping import keeps_or_refuses
from harness.oracles.web_sinks import writes_validly
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.words import CHARSETS, CONTROLS, FORMATS
from simulators.web.depositing import GIVES_BACK, leaves_from, study_of
from simulators.web.sinks import reads_json

_SHELVES = {name: shelf for shelf in (CONTROLS, CHARSETS, FORMATS) for name in shelf.makers}


@scenario(
    id="TXT-301",
    verifies=["HOUSE/WEB-TEXT-IS-NO-MARKUP", "HOUSE/NOTHING-LOST", "HOUSE/STAYS-IN-SERVICE"],
    threats=["T-INTEG-07", "T-CONF-42"],
    weakness=["CWE-116", "CWE-176"],
    role=Role.ACCEPTOR,
    needs=GIVES_BACK,
    severity=Severity.HIGH,
    twin="WEB-910",
    control="web_joins_json",
    oracles=[keeps_or_refuses(malformed=False), writes_validly()],
    budget_s=40,
    safety=Safety.STORES_OBJECTS,
    vary=[{"file": name} for name in _SHELVES],
)
def writes_texts_into_json(stage: Stage) -> None:
    """A text that no honest peer sends is kept or refused, and what is written of it is JSON.

    Control signs, broken character sets, quotes and directives are text, until somebody puts
    them together with other text. DICOM JSON is read by browsers: a text that ends the string
    it stands in is a part of the program.

    Remedy: Make JSON by a library, from texts that were decoded with a substitute for what is
    no character.
    """
    if leaves_from(stage, _SHELVES[str(stage.case["file"])]) is not None:
        reads_json(stage, study_of(stage), {})
