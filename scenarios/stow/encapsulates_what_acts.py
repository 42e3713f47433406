"""Encapsulated documents by STOW-RS that would act when they are opened."""

from harness.model import Role, Safety, Severity
from harness.oracles import no_file_outside, peak_memory_below
from harness.oracles.web_keeping import keeps_or_refuses
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.documents import ACTIVE_DOCUMENTS
from simulators.web.depositing import GIVES_BACK, leaves_from


@scenario(
    id="MED-311",
    verifies=["HOUSE/FILES-INSIDE", "HOUSE/BOUNDED-MEMORY", "HOUSE/STAYS-IN-SERVICE"],
    threats=["T-INTEG-52", "T-AVAIL-05"],
    weakness=["CWE-22", "CWE-611", "CWE-776"],
    role=Role.ACCEPTOR,
    needs=GIVES_BACK,
    severity=Severity.HIGH,
    twin="WEB-901",
    control="web_unpacks_documents",
    oracles=[keeps_or_refuses(malformed=False), no_file_outside(), peak_memory_below(128)],
    budget_s=40,
    safety=Safety.STORES_OBJECTS,
    alone=True,
    vary=[{"file": name} for name in ACTIVE_DOCUMENTS.makers],
)
def encapsulates_what_acts(stage: Stage) -> None:
    """Of an encapsulated document that acts, nothing acts while it is taken in.

    Titles and types of documents are words of a stranger, and become names of files where
    documents are unpacked for a viewer; a letter in XML that is indexed grows by its entities.

    Remedy: Keep documents as octets; make names of your own, and parse XML without entities.
    """
    leaves_from(stage, ACTIVE_DOCUMENTS, like="document")
