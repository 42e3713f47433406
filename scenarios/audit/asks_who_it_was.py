"""AUD-02: who did it, to whose objects, and with what success."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.audit import names_who_it_was
from harness.registry import scenario
from harness.stage import Stage
from simulators.audit import deeds
from simulators.audit.trail import Trail

_RETRIEVALS = {Claim.AUDIT_RETRIEVALS, Claim.RETRIEVE_SCP}


@scenario(
    id="AUD-002",
    verifies=["HOUSE/AUDIT-TRUE", "PS3.15/A.5.3"],
    threats=["T-INTEG-53"],
    weakness=["CWE-778"],
    role=Role.ACCEPTOR,
    needs={Claim.AUDIT, Claim.AUDIT_TRANSFERS, Claim.STORAGE_SCP},
    severity=Severity.MEDIUM,
    twin="AUD-900",
    control="audit_wrong_actor",
    oracles=[names_who_it_was()],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
    alone=True,
)
def asks_who_it_was(stage: Stage) -> None:
    """A report names the caller, its address, the patient and the study as they were.

    A trail that names the archive itself for everything that was asked of it is complete and of no
    use: forty workstations have one name. Who sends and who receives must not be mixed up either.

    Remedy: Take names and addresses from the association, not from the configuration.
    """
    trail = Trail(stage)
    thing = deeds.store(stage, trail)
    if stage.profile.claims() >= _RETRIEVALS:
        deeds.retrieve(stage, trail, thing)
    trail.conclude()
