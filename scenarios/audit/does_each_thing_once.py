"""AUD-01: each kind of event that a peer on the network can cause, once."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.audit import reports_each, writes_valid_messages
from harness.registry import scenario
from harness.stage import Stage
from simulators.audit import deeds
from simulators.audit.trail import Trail

_QUERIES = {Claim.AUDIT_QUERIES, Claim.QUERY_SCP}
_RETRIEVALS = {Claim.AUDIT_RETRIEVALS, Claim.RETRIEVE_SCP}


@scenario(
    id="AUD-001",
    verifies=[
        "HOUSE/AUDIT-COMPLETE", "PS3.15/A.5", "PS3.15/A.5.1", "PS3.15/A.5.2/USER", "PS3.15/A.5.3",
        "IHE/ITI-20", "IHE/ITI-20/EVENTS", "IHE/ITI-20/TRANSPORT",
    ],
    threats=["T-INTEG-53"],
    weakness=["CWE-778"],
    role=Role.ACCEPTOR,
    needs={Claim.AUDIT, Claim.AUDIT_TRANSFERS, Claim.STORAGE_SCP},
    severity=Severity.MEDIUM,
    twin="AUD-900",
    control="audit_misses_queries",
    oracles=[reports_each(), writes_valid_messages()],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
    alone=True,
)  # fmt: skip
def does_each_thing_once(stage: Stage) -> None:
    """Each kind of event that the device claims to report is reported, in a valid message.

    After a breach the trail is what tells whose data are gone. A kind of event that was forgotten,
    as searches often are, is the one that an intruder lives on: who only looks leaves no trace.

    Remedy: Report where the service is performed, for every way by which it can be asked for.
    """
    trail, claims = Trail(stage), stage.profile.claims()
    thing = deeds.store(stage, trail)
    if claims >= _QUERIES:
        deeds.query(stage, trail, thing.study)
    if claims >= _RETRIEVALS:
        deeds.retrieve(stage, trail, thing)
    if claims >= {Claim.AUDIT_LOGINS, Claim.USER_IDENTITY}:
        deeds.log_in(stage, trail, proven=True)
    trail.conclude()
