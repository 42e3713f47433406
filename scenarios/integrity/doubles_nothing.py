"""INT-13: a store that somebody has recorded is played again."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import doubles_nothing as nothing_doubled
from harness.registry import scenario
from harness.stage import Stage
from simulators.integrity import count_listed, play_store_again


@scenario(
    id="INT-013",
    verifies=["HOUSE/NOTHING-DOUBLED"],
    threats=["T-INTEG-20", "T-INTEG-08"],
    weakness=["CWE-294", "CWE-694"],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP, Claim.QUERY_SCP, Claim.PLAIN_ACCEPTOR},
    severity=Severity.MEDIUM,
    twin="STO-900",
    control="doubles_what_is_repeated",
    oracles=[nothing_doubled()],
    safety=Safety.STORES_OBJECTS,
)
def doubles_nothing(stage: Stage) -> None:
    """A recorded store that is played again octet by octet does not double what is listed.

    Without TLS an association can be recorded and sent again by anybody, and a modality that lost
    the answer does the same in good faith. The object is here already; whether the device says
    success or refuses, it lists it once.

    Remedy: Know an object by its SOP Instance UID, and keep one of each.
    """
    thing, again = play_store_again(stage)
    before = count_listed(stage, thing)
    again()
    stage.observe("replayed", before=before, after=count_listed(stage, thing))
