"""Encapsulated documents that are longer or shorter than something says."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.reading import plants_nothing, refuses_or_reads_within
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.documents import DOCUMENT_LENGTHS
from simulators.corpus.playing import lays


@scenario(
    id="MED-010",
    verifies=["HOUSE/READER-BOUNDED", "HOUSE/READER-IN-ORDER"],
    threats=["T-INTEG-52", "T-AVAIL-05"],
    weakness=["CWE-130", "CWE-789"],
    references=[],
    role=Role.READER,
    needs={Claim.READER},
    severity=Severity.HIGH,
    twin="PAR-920",
    control="read_trusts_document_length",
    oracles=[refuses_or_reads_within(10.0, 64 << 20), plants_nothing()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
    vary=[{"file": name} for name in DOCUMENT_LENGTHS.makers],
)
def encapsulates_untrue_lengths(stage: Stage) -> None:
    """An encapsulated document of untrue length costs the reader no memory and ends no reader.

    The length of the document stands in the element and in an attribute of its own, and a model
    counts its triangles once more. A reader that makes room by one and copies by the other
    leaves its buffer.

    Remedy: Give out as many octets as are there; use the stated length only to cut off padding.
    """
    lays(stage, DOCUMENT_LENGTHS, like="document")
