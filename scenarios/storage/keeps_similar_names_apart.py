"""STO-05: SOP Instance UIDs that file systems take for the same name, or for none."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import keeps_every_name
from harness.registry import scenario
from harness.stage import Stage
from simulators.custody import Custody
from simulators.marking import offer
from simulators.names import named_alike

_KINDS = ("longest", "trailing-dot", "leading-zero", "case", "device", "sanitised")


@scenario(
    id="STO-005",
    verifies=["HOUSE/NAMES-APART", "HOUSE/UID-CHECK", "PS3.5/9.1"],
    threats=["T-INTEG-01", "T-INTEG-02"],
    weakness=["CWE-41", "CWE-178", "CWE-694"],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP},
    severity=Severity.MEDIUM,
    twin="STO-910",
    control="shortens_file_name",
    oracles=[keeps_every_name()],
    safety=Safety.STORES_OBJECTS,
    alone=True,
    vary=[{"names": kind} for kind in _KINDS],
)
def keeps_similar_names_apart(stage: Stage) -> None:
    """Objects whose UIDs are alike stay two objects, and conforming ones are never refused.

    File names are shorter, and coarser, than UIDs: they are cut, lose a trailing dot, ignore case,
    or name a device (CON, NUL). Two objects whose names become one replace each other, and the
    second patient's image stands under the first one's name. Each case sends two objects; names
    that are no UIDs may be refused, but what was taken must be there.

    Remedy: Name files by what is unique whatever the file system does, such as a digest of the UID.
    """
    custody = Custody(stage)
    things = named_alike(stage, str(stage.case["names"]))
    taken = [
        offer(stage, thing, actor="attacker", legal=legal, stimulus=True) for thing, legal in things
    ]
    custody.look(things[0][0].study, least=sum(taken))
