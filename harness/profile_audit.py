"""The ``[audit]`` section of a device profile: where its audit trail goes, and what is in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from harness.model import JSON, Claim
from harness.profile_sections import Port, Section

AuditEvent = Literal[
    "application-activity",
    "audit-log-used",
    "begin-transferring-dicom-instances",
    "dicom-instances-accessed",
    "dicom-instances-transferred",
    "dicom-study-deleted",
    "export",
    "import",
    "network-entry",
    "query",
    "security-alert",
    "user-authentication",
    "order-record",
    "patient-record",
    "procedure-record",
]
"""The messages of PS3.15 A.5.3, by their names."""

_CLAIMS: Mapping[AuditEvent, Claim] = {
    "application-activity": Claim.AUDIT_ACTIVITY,
    "begin-transferring-dicom-instances": Claim.AUDIT_RETRIEVALS,
    "dicom-instances-transferred": Claim.AUDIT_TRANSFERS,
    "query": Claim.AUDIT_QUERIES,
    "security-alert": Claim.AUDIT_ALERTS,
    "user-authentication": Claim.AUDIT_LOGINS,
}


class AuditSection(Section):
    """``[audit]``: the audit trail that the device sends to a repository, which we play."""

    transport: Literal["udp", "tcp", "tls"] = "udp"
    port: Port = 0
    events: tuple[AuditEvent, ...] = Field(min_length=1, strict=False)
    keeps: bool = False
    wait_s: Annotated[float, Field(gt=0, le=300)] = 10.0

    def claims(self) -> Mapping[Claim, bool]:
        """What it claims."""
        return {
            Claim.AUDIT: True,
            Claim.AUDIT_KEEPS: self.keeps,
            Claim.AUDIT_TLS: self.transport == "tls",
            **{claim: event in self.events for event, claim in _CLAIMS.items()},
        }

    def facts(self) -> dict[str, JSON]:
        """What oracles may use."""
        return {
            "audit_transport": self.transport,
            "audit_events": [*self.events],
            "audit_wait_s": self.wait_s,
        }
