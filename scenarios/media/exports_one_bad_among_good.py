"""MED-07: one file of three that cannot be exported."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.exporting import directory_tells_the_truth, spares_the_others
from harness.oracles.reading import plants_nothing, survives_reading
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.exports import SPOILED
from simulators.corpus.playing_media import has_exported


@scenario(
    id="MED-007C",
    verifies=["HOUSE/EXPORT-TRUE", "HOUSE/READER-IN-ORDER"],
    threats=["T-INTEG-52"],
    weakness=["CWE-390", "CWE-20"],
    role=Role.READER,
    needs={Claim.EXPORTER},
    severity=Severity.HIGH,
    twin="MED-902",
    control="export_lists_what_it_lacks",
    oracles=[
        directory_tells_the_truth(),
        spares_the_others(),
        survives_reading(),
        plants_nothing(),
    ],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
    vary=[{"file": name} for name in SPOILED.makers],
)
def exports_one_bad_among_good(stage: Stage) -> None:
    """One bad file among good ones is reported, and spoils neither the others nor the directory.

    A file that was cut on the way lies among hundreds. If it silently keeps others off the disc,
    or stands in the directory as if it were there, the surgeon finds out in the theatre.

    Remedy: Read each file before it is listed; list what is there; end with an error that names
    what is missing.
    """
    has_exported(stage, SPOILED)
