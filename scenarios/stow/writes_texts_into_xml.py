"""TXT-09: values with signs of markup, and such as XML cannot hold, written as XML."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.web_sinks import writes_validly
from harness.registry import scenario
from harness.stage import Stage
from simulators.web.depositing import GIVES_BACK
from simulators.web.hard_values import TEXTS, stores_text
from simulators.web.sinks import reads_xml


@scenario(
    id="TXT-309",
    verifies=["HOUSE/WEB-TEXT-IS-NO-MARKUP"],
    threats=["T-INTEG-07"],
    weakness=["CWE-91"],
    role=Role.ACCEPTOR,
    needs=GIVES_BACK | {Claim.WEB_XML_OUT},
    severity=Severity.MEDIUM,
    twin="WEB-909",
    control="web_xml_unescaped",
    oracles=[writes_validly()],
    budget_s=40,
    safety=Safety.STORES_OBJECTS,
    vary=[{"text": name} for name in TEXTS],
)
def writes_texts_into_xml(stage: Stage) -> None:
    """Metadata in XML are well-formed whatever stands in them, and say what was sent.

    Native DICOM XML holds texts of objects between tags. A text with the end of a section, an
    ampersand or a sign that XML does not have makes the document unreadable, or another one.

    Remedy: Write XML by a library, and replace signs that XML 1.0 does not have.
    """
    text, shown = TEXTS[str(stage.case["text"])]
    study = stores_text(stage, text)
    if study:
        reads_xml(stage, study, {"0008103E": shown} if shown else {})
