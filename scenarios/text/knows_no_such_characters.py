"""TXT-05: Specific Character Set that is invalid, unknown or contradicts itself."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import answers_plainly, keeps_exactly
from harness.registry import scenario
from harness.stage import Stage
from simulators.texts import CHARACTER_SET, PATIENT_NAME, keeps_texts

_NAME = b"SYNTH\xc9TIC^ASS\xc4Y"
_SETS = {
    "unknown": b"ISO_IR 999",
    "in small letters": b"iso_ir 100",
    "extension without its first": b"ISO 2022 IR 87",
    "UTF-8 with extensions": b"ISO_IR 192\\ISO 2022 IR 87",
    "only delimiters": b"\\\\\\",
    "sixteen times": b"\\".join([b"ISO 2022 IR 100"] * 16),
    "octets": b"\xff\xfe\x80\x01",
    "longer than a code": b"ISO_IR 100" * 20,
}


@scenario(
    id="TXT-005",
    verifies=["HOUSE/TEXT-KEPT", "HOUSE/STAYS-IN-SERVICE", "PS3.5/6.1"],
    threats=["T-INTEG-01", "T-AVAIL-02"],
    weakness=["CWE-176"],
    references=["dcm4che-325"],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP, Claim.RETRIEVE_SCP, Claim.QUERY_SCP},
    severity=Severity.MEDIUM,
    twin="TXT-910",
    control="recodes_text",
    oracles=[keeps_exactly(), answers_plainly()],
    safety=Safety.STORES_OBJECTS,
    alone=True,
    budget_s=60,
)
def knows_no_such_characters(stage: Stage) -> None:
    """Text in a character set that nobody knows is kept octet for octet, or refused.

    A device that guesses, and writes its guess over the name, has changed who the patient is, and
    nobody can undo it. One that gives up on the object, but has indexed half of it, hides it. A
    good device keeps the octets and shows what it can, or refuses the object.

    Remedy: Never store what a decoder has made of text; decode only for display.
    """
    texts = {name: {CHARACTER_SET: octets, PATIENT_NAME: _NAME} for name, octets in _SETS.items()}
    keeps_texts(stage, texts)
