"""TXT-05, 06, 10 and 11 by import: texts that were imported, written as JSON."""

from harness.model import Role, Safety, Severity
from harness.oracles.web_keeping import keeps_or_refuses
from harness.oracles.web_sinks import writes_validly
from harness.registry import scenario
from harness.stage import Stage
from scenarios.imports.steps import every_file_of, imports
from simulators.corpus.words import CHARSETS, CONTROLS, FORMATS
from simulators.web.depositing import study_of
from simulators.web.sinks import reads_json
from simulators.web.ways_in import IMPORTS

_SHELVES = {shelf.name: shelf for shelf in (CONTROLS, CHARSETS, FORMATS)}


@scenario(
    id="TXT-350",
    verifies=["HOUSE/WEB-TEXT-IS-NO-MARKUP", "HOUSE/NOTHING-LOST", "HOUSE/STAYS-IN-SERVICE"],
    threats=["T-INTEG-07", "T-CONF-42"],
    weakness=["CWE-116", "CWE-176"],
    role=Role.ACCEPTOR,
    needs=IMPORTS,
    severity=Severity.HIGH,
    twin="WEB-911",
    control="web_joins_json",
    oracles=[keeps_or_refuses(malformed=False), writes_validly()],
    budget_s=40,
    safety=Safety.STORES_OBJECTS,
    vary=every_file_of(*_SHELVES.values()),
)
def writes_texts_into_json(stage: Stage) -> None:
    """An imported text that no honest peer writes is kept or refused, and its JSON is JSON.

    Discs come from everywhere, with texts that no network node would let pass: broken character
    sets, control signs, quotes. They end up in the same answers to browsers.

    Remedy: Make JSON by a library, from texts that were decoded with a substitute for what is
    no character.
    """
    if imports(stage, _SHELVES[str(stage.case["shelf"])]) is not None:
        reads_json(stage, study_of(stage), {})
