"""STO-04: the called AE title is a path, and an object is stored under it."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import ends, no_file_outside
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from simulators.objects import synthetic_object
from simulators.queries import STORAGE
from simulators.requestor import Requestor
from simulators.uninvited import is_let_in

_TITLES = ("..", "../..", ".", "./..", "../storage")


@scenario(
    id="STO-004",
    verifies=["HOUSE/FILES-INSIDE", "HOUSE/AREAS-APART", "PS3.5/6.2/AE"],
    threats=["T-INTEG-02", "T-CONF-04"],
    weakness=["CWE-22"],
    references=["CVE-2026-52868"],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP},
    severity=Severity.HIGH,
    twin="STO-900",
    control="ae_title_directory",
    oracles=[
        no_file_outside(),
        ends(
            {Outcome.REJECTED},
            {Outcome.ABORTED, Outcome.CLOSED, Outcome.RESET, Outcome.RESPONDED, Outcome.RELEASED},
        ),
    ],
    safety=Safety.STORES_OBJECTS,
    alone=True,
    vary=[{"called": title} for title in _TITLES],
)
def keeps_areas_apart(stage: Stage) -> None:
    """A called AE title that is a path stores nothing outside the storage.

    Servers with several archives behind one port often keep each in a folder that is named like
    its AE title. If an existing folder is all that makes a title valid, two dots are one, and
    objects land beside the archives. A good device rejects the title; one that takes any title
    keeps its files where they belong.

    Remedy: Look called AE titles up in a configured list, and never use one as a path.
    """
    with Requestor(stage, called=str(stage.case["called"])) as attacker:
        if is_let_in(attacker, (STORAGE,), lie="called"):
            thing = synthetic_object(stage, transfer_syntax=attacker.contexts[STORAGE.id])
            attacker.store(thing)
