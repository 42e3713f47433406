"""STO-09: a link stands in the storage where an object belongs."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import writes_through_no_link
from harness.registry import scenario
from harness.stage import Stage
from simulators.planting import store_over_a_link


@scenario(
    id="STO-009",
    verifies=["HOUSE/NO-LINKS", "HOUSE/FILES-INSIDE"],
    threats=["T-INTEG-02"],
    weakness=["CWE-59"],
    references=["DCMTK-1198"],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP, Claim.STORAGE_FOLDER},
    severity=Severity.MEDIUM,
    twin="STO-910",
    control="follows_links",
    oracles=[writes_through_no_link()],
    safety=Safety.STORES_OBJECTS,
    alone=True,
    vary=[{"target": "nothing"}, {"target": "a file"}, {"target": "a folder"}],
)
def finds_a_link_in_its_storage(stage: Stage) -> None:
    """A link that stands where an object belongs leads nothing out of the storage.

    Somebody with a little room in the storage, a share of it or another program's flaw, plants a
    link under a name that can be foretold, and sends the object of that name: the archive, with its
    rights, then overwrites what the link points to. Where names cannot be foretold there is nothing
    to plant, and the scenario says so.

    Remedy: Open exclusively and without following links (O_EXCL, O_NOFOLLOW), then rename.
    """
    store_over_a_link(stage, str(stage.case["target"]))
