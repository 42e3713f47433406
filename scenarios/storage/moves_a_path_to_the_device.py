"""STO-03 by C-MOVE: the archive sends an object whose SOP Instance UID is a path."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import client_survives, no_file_outside
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from simulators.acceptor import Acceptor
from simulators.hostile import path_forms
from simulators.paths import move_named

_FORMS = ("one-up", "three-up", "through-a-folder", "absolute", "backslash", "dot-dot")


@scenario(
    id="STO-103D",
    verifies=["HOUSE/FILES-INSIDE", "HOUSE/UID-CHECK", "PS3.5/9.1"],
    threats=["T-INTEG-03"],
    weakness=["CWE-22"],
    references=["CVE-2026-50003", "CVE-2022-2120"],
    role=Role.REQUESTOR,
    needs={Claim.MOVE_SCU},
    severity=Severity.CRITICAL,
    twin="STO-952",
    control="scu_trusts_uid_that_is_moved",
    oracles=[
        no_file_outside(),
        client_survives(Outcome.RELEASED, Outcome.RESPONDED, Outcome.ABORTED),
    ],
    safety=Safety.STORES_OBJECTS,
    alone=True,
    vary=[{"form": form} for form in _FORMS],
)
def moves_a_path_to_the_device(stage: Stage) -> None:
    """A device that has objects moved to itself writes nothing outside its folder.

    What comes by C-MOVE comes in by another door than what comes by C-GET, often with code of its
    own for names and folders, and from anybody who can reach that door while it is open.

    Remedy: Check each UID by PS3.5 9.1 before it becomes part of a file name, at every door.
    """
    with Acceptor(stage, "move") as hostile:
        name = path_forms(hostile.lab.canary, stage.token)[str(stage.case["form"])]
        move_named(hostile, instance=name)
