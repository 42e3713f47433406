"""The twin of the storage commitment scenarios."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import commits_only_what_it_has, succeeds
from harness.registry import scenario
from harness.stage import Stage
from simulators.objects import uid
from simulators.promises import commit, witness_report
from simulators.queries import store_honestly


@scenario(
    id="INT-905",
    verifies=["HOUSE/HONEST-SERVICE", "PS3.4/J.3"],
    threats=["T-INTEG-08"],
    weakness=[],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP, Claim.STORAGE_COMMITMENT_SCP},
    severity=Severity.MEDIUM,
    twin=None,
    control="fails_commitment",
    oracles=[succeeds(), commits_only_what_it_has()],
    safety=Safety.STORES_OBJECTS,
)
def commits_what_it_has(stage: Stage) -> None:
    """An object that was stored is committed, and the report names it.

    A device that commits nothing cannot be made to commit what it lacks; only one that keeps its
    promise to honest modalities can be believed when it refuses.

    Remedy: Answer N-ACTION with success, look the objects up, and report them by N-EVENT-REPORT.
    """
    thing = store_honestly(stage)
    reference = (thing.sop_class, thing.sop_instance)
    report = commit(stage, [reference], uid(stage, 9))
    witness_report(stage, report, known=[reference], unknown=[])
