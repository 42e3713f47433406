"""TXT-10: numbers that JSON has no name for, or that floating point cannot hold."""

from harness.model import Role, Safety, Severity
from harness.oracles.web_sinks import writes_validly
from harness.registry import scenario
from harness.stage import Stage
from simulators.web.depositing import GIVES_BACK
from simulators.web.hard_values import NUMBERS, stores_numbers
from simulators.web.sinks import reads_json


@scenario(
    id="TXT-310",
    verifies=["HOUSE/WEB-TEXT-IS-NO-MARKUP", "HOUSE/NOTHING-LOST"],
    threats=["T-INTEG-07"],
    weakness=["CWE-116", "CWE-681"],
    role=Role.ACCEPTOR,
    needs=GIVES_BACK,
    severity=Severity.MEDIUM,
    twin="WEB-910",
    control="web_json_floats",
    oracles=[writes_validly()],
    budget_s=40,
    safety=Safety.STORES_OBJECTS,
    vary=[{"numbers": name} for name in NUMBERS],
)
def writes_numbers_into_json(stage: Stage) -> None:
    """Numbers of an object come as JSON has them, and whole ones digit by digit.

    NaN and Infinity are no JSON, and a reader that is strict stops at the whole answer. Whole
    numbers of 64 bits are rounded by whoever makes floating-point numbers of them: identifiers
    and offsets are then others.

    Remedy: Write whole numbers as they are, or as strings (PS3.18 F.2.3); give no value, or a
    string, for what is no number.
    """
    study, expected = stores_numbers(stage, str(stage.case["numbers"]))
    if study:
        reads_json(stage, study, expected)
