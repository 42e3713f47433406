"""AUD-04: names and identifiers that are XML, or a line of syslog."""

from collections.abc import Mapping

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.audit import keeps_texts_apart, names_who_it_was
from harness.registry import scenario
from harness.stage import Stage
from simulators.audit.deeds import store
from simulators.audit.trail import Trail
from simulators.observers import marker

_TEXTS: Mapping[str, tuple[str, str]] = {
    "an end tag": ("PatientName", "{}</ParticipantObjectName><x>"),
    "an entity": ("PatientName", "{}&none;"),
    "another attribute": ("PatientID", '{}" ParticipantObjectSensitivity="N'),
    "a line of syslog": ("PatientName", "A\n<85>1 - - {} - - - A"),
}
"""The attribute and what it says, with our marker in it; 64 characters at most (PS3.5 6.2)."""


@scenario(
    id="AUD-004",
    verifies=["HOUSE/AUDIT-TEXT", "PS3.15/A.5.1"],
    threats=["T-INTEG-53", "T-INTEG-06"],
    weakness=["CWE-91", "CWE-117"],
    role=Role.ACCEPTOR,
    needs={Claim.AUDIT, Claim.AUDIT_TRANSFERS, Claim.STORAGE_SCP},
    severity=Severity.MEDIUM,
    twin="AUD-900",
    control="audit_unescaped",
    oracles=[keeps_texts_apart(), names_who_it_was()],
    budget_s=40,
    safety=Safety.STORES_OBJECTS,
    alone=True,
    vary=[{"text": what} for what in _TEXTS],
)
def writes_markup_into_its_data(stage: Stage) -> None:
    """Names and identifiers of patients break no audit message and forge none.

    A message that is put together from strings ends where a name says so. What follows is thrown
    away by the repository, and the act with it; or it is believed, and accuses somebody else.

    Remedy: Have an XML library write the message, and count its octets (RFC 5425 4.3).
    """
    keyword, text = _TEXTS[str(stage.case["text"])]
    trail = Trail(stage)
    store(stage, trail, **{keyword: text.format(marker(stage))})
    trail.conclude()
