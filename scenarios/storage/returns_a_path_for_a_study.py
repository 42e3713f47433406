"""STO-03 with a folder for each study: the Study Instance UID is a path."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import client_survives, no_file_outside
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from simulators.acceptor import Acceptor
from simulators.hostile import path_forms
from simulators.paths import return_named

_FORMS = ("one-up", "three-up", "through-a-folder", "absolute", "dot", "dot-dot")


@scenario(
    id="STO-103C",
    verifies=["HOUSE/FILES-INSIDE", "HOUSE/UID-CHECK", "PS3.5/9.1"],
    threats=["T-INTEG-03"],
    weakness=["CWE-22"],
    references=["CVE-2022-2120", "DCMTK-4527dff56"],
    role=Role.REQUESTOR,
    needs={Claim.RETRIEVE_SCU, Claim.RETRIEVES_PER_STUDY},
    severity=Severity.CRITICAL,
    twin="STO-954",
    control="scu_trusts_study_uid",
    oracles=[
        no_file_outside(),
        client_survives(Outcome.RELEASED, Outcome.RESPONDED, Outcome.ABORTED),
    ],
    safety=Safety.STORES_OBJECTS,
    alone=True,
    vary=[{"form": form} for form in _FORMS],
)
def returns_a_path_for_a_study(stage: Stage) -> None:
    """A device that sorts what it retrieves by study makes no folder outside its own.

    The name of the file may be checked and the name of its folder be forgotten: the Study Instance
    UID comes from the same archive. Two dots are enough to leave the folder.

    Remedy: Check the Study Instance UID by PS3.5 9.1 before it becomes the name of a folder.
    """
    with Acceptor(stage, "retrieve per-study") as hostile:
        name = path_forms(hostile.lab.canary, stage.token)[str(stage.case["form"])]
        return_named(hostile, study=name)
