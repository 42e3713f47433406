"""MED-05: a file that is an archive, a page or a document as well."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.reading import plants_nothing, survives_reading
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.meta import POLYGLOTS
from simulators.corpus.playing import lays


@scenario(
    id="MED-005",
    verifies=["HOUSE/READER-WRITES-INSIDE", "HOUSE/READER-IN-ORDER"],
    threats=["T-INTEG-52"],
    weakness=["CWE-434", "CWE-22"],
    references=["CVE-2019-11687"],
    role=Role.READER,
    needs={Claim.READER},
    severity=Severity.HIGH,
    twin="PAR-920",
    control="read_unpacks_archives",
    oracles=[survives_reading(), plants_nothing()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
    vary=[{"file": name} for name in POLYGLOTS.makers],
)
def is_two_things_at_once(stage: Stage) -> None:
    """A file that is two things is read as DICOM or refused, and nothing of it is unpacked.

    Archives are read from their end and pages from wherever they begin, so that an object can
    be both. An importer that tries one format after the other unpacks what lies in it, with the
    paths that stand there.

    Remedy: Decide by the prefix DICM, once, and treat the file as DICOM and nothing else from
    then on.
    """
    lays(stage, POLYGLOTS)
