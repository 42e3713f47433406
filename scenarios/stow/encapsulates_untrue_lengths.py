"""Encapsulated documents by STOW-RS whose lengths lie."""

from harness.model import Role, Safety, Severity
from harness.oracles import peak_memory_below
from harness.oracles.web_keeping import keeps_or_refuses
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.documents import DOCUMENT_LENGTHS
from simulators.web.depositing import GIVES_BACK, leaves_from


@scenario(
    id="MED-310",
    verifies=["HOUSE/BOUNDED-MEMORY", "HOUSE/STAYS-IN-SERVICE"],
    threats=["T-AVAIL-05"],
    weakness=["CWE-789", "CWE-125"],
    role=Role.ACCEPTOR,
    needs=GIVES_BACK,
    severity=Severity.MEDIUM,
    twin="WEB-901",
    control="web_trusts_document_length",
    oracles=[keeps_or_refuses(malformed=False), peak_memory_below(128)],
    budget_s=40,
    safety=Safety.STORES_OBJECTS,
    alone=True,
    vary=[{"file": name} for name in DOCUMENT_LENGTHS.makers],
)
def encapsulates_untrue_lengths(stage: Stage) -> None:
    """The stated length of an encapsulated document costs no memory and gives away none.

    An encapsulated document says how long it is, beside the length that its element has. A
    server that unpacks it for a viewer makes room for the one and copies the other.

    Remedy: Go by the length of the element, and refuse what states more.
    """
    leaves_from(stage, DOCUMENT_LENGTHS, like="document")
