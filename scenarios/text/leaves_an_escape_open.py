"""TXT-06: escape sequences of ISO 2022 that are left open."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import answers_plainly, keeps_exactly
from harness.registry import scenario
from harness.stage import Stage
from simulators.texts import CHARACTER_SET, PATIENT_NAME, keeps_texts

_SETS = b"\\ISO 2022 IR 87"
_NAMES = {
    "open at the end": b"SYNTHETIC^ASSAY=\x1b$B;3ED",
    "open before a caret": b"SYNTHETIC\x1b$B;3ED^ASSAY",
    "open before a delimiter": b"SYNTHETIC^\x1b$B;3ED\\SYNTHETIC^ASSAY",
    "cut": b"SYNTHETIC^ASSAY\x1b$",
    "of an undeclared set": b"SYNTHETIC^ASSAY\x1b$)C",
}


@scenario(
    id="TXT-006",
    verifies=["HOUSE/TEXT-KEPT", "HOUSE/STAYS-IN-SERVICE", "PS3.5/6.1"],
    threats=["T-INTEG-01", "T-AVAIL-02"],
    weakness=["CWE-838"],
    references=[],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP, Claim.RETRIEVE_SCP, Claim.QUERY_SCP},
    severity=Severity.MEDIUM,
    twin="TXT-910",
    control="carries_escape_state",
    oracles=[keeps_exactly(but="00100010"), answers_plainly()],
    safety=Safety.STORES_OBJECTS,
    alone=True,
    budget_s=60,
)
def leaves_an_escape_open(stage: Stage) -> None:
    """An escape sequence that a name leaves open changes nothing in the texts behind it.

    Japanese, Korean and Chinese names switch between character sets by escape sequences, which end
    at every delimiter and at the end of the value. A device whose converter keeps its state reads
    the next value, the patient's number, as characters of the other set: it then belongs to nobody.

    Remedy: Begin each value, and each component, in the first character set.
    """
    texts = {form: {CHARACTER_SET: _SETS, PATIENT_NAME: name} for form, name in _NAMES.items()}
    keeps_texts(stage, texts)
