"""STO-03 in the normal mode: the device reads what it stores, and names files by what it reads."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import client_survives, no_file_outside
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from simulators.acceptor import Acceptor
from simulators.hostile import path_forms
from simulators.paths import return_named

_FORMS = ("one-up", "three-up", "through-a-folder", "absolute", "backslash", "dot-dot")


@scenario(
    id="STO-103B",
    verifies=["HOUSE/FILES-INSIDE", "HOUSE/UID-CHECK", "PS3.5/9.1"],
    threats=["T-INTEG-03"],
    weakness=["CWE-22"],
    references=["CVE-2022-2120"],
    role=Role.REQUESTOR,
    needs={Claim.RETRIEVE_SCU, Claim.RETRIEVES_NORMALLY},
    severity=Severity.CRITICAL,
    twin="STO-953",
    control="scu_trusts_uid_it_reads",
    oracles=[
        no_file_outside(),
        client_survives(Outcome.RELEASED, Outcome.RESPONDED, Outcome.ABORTED),
    ],
    safety=Safety.STORES_OBJECTS,
    alone=True,
    vary=[{"form": form} for form in _FORMS],
)
def returns_a_path_in_the_normal_mode(stage: Stage) -> None:
    """A device that reads what it retrieves writes nothing outside its folder, whatever the UID.

    In its normal mode a device decodes an object before it writes it, and may name the file by the
    SOP Instance UID of the data set instead of that of the command. A check of one of the two, or
    in one mode alone, leaves the other open.

    Remedy: Check each UID by PS3.5 9.1 before it becomes part of a file name, in every mode.
    """
    with Acceptor(stage, "retrieve normal") as hostile:
        name = path_forms(hostile.lab.canary, stage.token)[str(stage.case["form"])]
        return_named(hostile, instance=name)
