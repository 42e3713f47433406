"""TXT-12: patients whose numbers and names are nearly the same."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import keeps_patients_apart
from harness.registry import scenario
from harness.stage import Stage
from simulators.texts import CHARACTER_SET, PATIENT_ID, PATIENT_NAME, tells_patients_apart

_UTF_8 = b"ISO_IR 192"
_NAME = b"SYNTHETIC^ASSAY"
_OTHERS = {
    "longer by a digit": (b"@1", _NAME),
    "a zero in front": (b"0@", _NAME),
    "in small letters": (b"#", b"synthetic^assay"),
    "with a caret": (b"@^", b"SYNTHETIC^ASSAY^"),
    "a letter of no width": ("@\u200b".encode(), "SYNTHETIC^\u200bASSAY".encode()),
    "with an accent": ("@\u0301".encode(), "SYNTH\u00c9TIC^ASSAY".encode()),
    "ideographic group": (b"@X", "SYNTHETIC^ASSAY=\u5c71\u7530^\u592a\u90ce".encode()),
}
"""Patient ID and name of the other; @ is the ID of the first, # the same in small letters."""


@scenario(
    id="TXT-012",
    verifies=["HOUSE/IDENTITY-APART", "PS3.4/C.2.2.2"],
    threats=["T-INTEG-07", "T-CONF-03"],
    weakness=["CWE-178", "CWE-180"],
    references=[],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP, Claim.QUERY_SCP},
    severity=Severity.HIGH,
    twin="TXT-911",
    control="folds_patient_ids",
    oracles=[keeps_patients_apart()],
    safety=Safety.STORES_OBJECTS,
    alone=True,
    budget_s=60,
)
def resembles_another_patient(stage: Stage) -> None:
    """A query for one patient gives nothing of another whose number is nearly the same.

    Numbers that differ by case, a zero, an accent or a letter that nobody sees belong to different
    people. An archive that folds them gives the images of one to the doctor of the other, or files
    both under one name. Names may be compared loosely where the standard permits it; a number is
    matched exactly.

    Remedy: Compare Patient ID octet for octet, but for padding; fold nothing on the way in.
    """
    first = f"A{stage.token[:12]}".encode()
    others = {
        resemblance: {
            CHARACTER_SET: _UTF_8,
            PATIENT_ID: number.replace(b"@", first).replace(b"#", first.lower()),
            PATIENT_NAME: name,
        }
        for resemblance, (number, name) in _OTHERS.items()
    }
    one = {CHARACTER_SET: _UTF_8, PATIENT_ID: first, PATIENT_NAME: _NAME}
    tells_patients_apart(stage, one, others)
