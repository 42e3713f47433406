"""TXT-07: names that are no UTF-8, or look like others."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import answers_plainly, keeps_exactly
from harness.registry import scenario
from harness.stage import Stage
from simulators.texts import CHARACTER_SET, PATIENT_NAME, keeps_texts

_UTF_8 = b"ISO_IR 192"
_NAMES = {
    "octets of no character": b"SYN\xff\xfeTHETIC^ASSAY",
    "overlong": b"SYNTHETIC\xc0\xaf^ASSAY",
    "half a surrogate pair": b"SYNTHETIC\xed\xa0\x80^ASSAY",
    "cut before a caret": b"SYNTHETIC\xe2\x82^ASSAY",
    "turned around": "SYNTHETIC^\u202eYASSA".encode(),
    "of no width": "SYN\u200bTHETIC^ASSAY".encode(),
}


@scenario(
    id="TXT-007",
    verifies=["HOUSE/TEXT-KEPT", "HOUSE/STAYS-IN-SERVICE", "PS3.5/6.1"],
    threats=["T-AVAIL-02", "T-INTEG-01"],
    weakness=["CWE-176", "CWE-451"],
    references=[],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP, Claim.RETRIEVE_SCP, Claim.QUERY_SCP},
    severity=Severity.MEDIUM,
    twin="TXT-910",
    control="stumbles_over_text",
    oracles=[keeps_exactly(but="00100010"), answers_plainly()],
    safety=Safety.STORES_OBJECTS,
    alone=True,
    budget_s=60,
)
def breaks_the_form_of_utf8(stage: Stage) -> None:
    """A name that is no UTF-8, or turns its letters around, hides no other object from queries.

    One object whose name cannot be decoded is enough to end every query that meets it, where the
    error of a decoder is caught by nobody: the worklist of a whole department stays empty. A good
    device answers with the octets that it has, or with a mark in place of what it cannot read.

    Remedy: Decode with a replacement for what is malformed, one value at a time.
    """
    texts = {form: {CHARACTER_SET: _UTF_8, PATIENT_NAME: name} for form, name in _NAMES.items()}
    keeps_texts(stage, texts)
