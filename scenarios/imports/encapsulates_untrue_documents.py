"""MED-08 and 10 by import: documents whose lengths lie, or that act."""

from harness.model import Role, Safety, Severity
from harness.oracles import no_file_outside, peak_memory_below
from harness.oracles.web_keeping import keeps_or_refuses
from harness.registry import scenario
from harness.stage import Stage
from scenarios.imports.steps import every_file_of, imports
from simulators.corpus.documents import ACTIVE_DOCUMENTS, DOCUMENT_LENGTHS
from simulators.web.ways_in import IMPORTS

_SHELVES = {shelf.name: shelf for shelf in (DOCUMENT_LENGTHS, ACTIVE_DOCUMENTS)}


@scenario(
    id="MED-351",
    verifies=["HOUSE/BOUNDED-MEMORY", "HOUSE/FILES-INSIDE", "HOUSE/STAYS-IN-SERVICE"],
    threats=["T-INTEG-52", "T-AVAIL-05"],
    weakness=["CWE-789", "CWE-22", "CWE-611"],
    role=Role.ACCEPTOR,
    needs=IMPORTS,
    severity=Severity.HIGH,
    twin="WEB-911",
    control="web_trusts_document_length",
    oracles=[keeps_or_refuses(malformed=False), no_file_outside(), peak_memory_below(128)],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
    alone=True,
    vary=every_file_of(*_SHELVES.values()),
)
def encapsulates_untrue_documents(stage: Stage) -> None:
    """An imported document whose length lies, or that would act, costs nothing and does nothing.

    Reports come on discs beside the images. Whoever unpacks them on import goes by a length, a
    title and a type that a stranger wrote.

    Remedy: Keep documents as octets of the element's own length, under names of your own.
    """
    imports(stage, _SHELVES[str(stage.case["shelf"])], like="document")
