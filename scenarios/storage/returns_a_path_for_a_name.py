"""STO-03: a hostile archive returns objects whose SOP Instance UID is a path."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import client_survives, no_file_outside
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from simulators.acceptor import Acceptor
from simulators.hostile import path_forms
from simulators.paths import return_named

_FORMS = ("one-up", "three-up", "through-a-folder", "absolute", "backslash", "nul", "dot-dot")


@scenario(
    id="STO-103",
    verifies=["HOUSE/FILES-INSIDE", "HOUSE/UID-CHECK", "PS3.5/9.1"],
    threats=["T-INTEG-03"],
    weakness=["CWE-22"],
    references=["CVE-2026-50003", "CVE-2022-2120"],
    role=Role.REQUESTOR,
    needs={Claim.RETRIEVE_SCU},
    severity=Severity.CRITICAL,
    twin="STO-951",
    control="scu_trusts_uid",
    oracles=[
        no_file_outside(),
        client_survives(Outcome.RELEASED, Outcome.RESPONDED, Outcome.ABORTED),
    ],
    safety=Safety.STORES_OBJECTS,
    alone=True,
    vary=[{"form": form} for form in _FORMS],
)
def returns_a_path_for_a_name(stage: Stage) -> None:
    """A device that retrieves writes nothing outside its folder, whatever the object's UID.

    The archive chooses the SOP Instance UID of what it sends, and clients name files by it. With
    separators or dots in it, a hostile archive plants files where they start programs or replace
    configuration. Toolkits have checked the name in one storage mode and forgotten the other. A
    good device refuses what is no UID, or stores it under a name of its own.

    Remedy: Check each UID by PS3.5 9.1 before it becomes part of a file name, in every mode.
    """
    with Acceptor(stage, "retrieve") as hostile:
        name = path_forms(hostile.lab.canary, stage.token)[str(stage.case["form"])]
        return_named(hostile, instance=name)
