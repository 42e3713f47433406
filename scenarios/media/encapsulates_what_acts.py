"""Encapsulated documents that would act when they are opened."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.reading import plants_nothing, refuses_or_reads_within
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.documents import ACTIVE_DOCUMENTS
from simulators.corpus.playing import lays


@scenario(
    id="MED-011",
    verifies=["HOUSE/READER-WRITES-INSIDE", "HOUSE/READER-IN-ORDER", "HOUSE/READER-BOUNDED"],
    threats=["T-INTEG-52"],
    weakness=["CWE-611", "CWE-776", "CWE-22"],
    references=[],
    role=Role.READER,
    needs={Claim.READER},
    severity=Severity.HIGH,
    twin="PAR-920",
    control="read_unpacks_documents",
    oracles=[refuses_or_reads_within(10.0, 64 << 20), plants_nothing()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
    vary=[{"file": name} for name in ACTIVE_DOCUMENTS.makers],
)
def encapsulates_what_acts(stage: Stage) -> None:
    """Of an encapsulated document that acts, nothing acts while the file is read.

    A report in PDF may hold scripts, a letter in XML may ask for files and grow by entities,
    and title and type are words that become names of files. Who unpacks or indexes such
    documents opens them in the user's name.

    Remedy: Keep documents as octets; parse XML without entities; make names of your own, and
    types from a list.
    """
    lays(stage, ACTIVE_DOCUMENTS, like="document")
