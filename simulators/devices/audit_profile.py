"""What the reference device claims of its audit trail where a scenario needs one."""

from __future__ import annotations

from typing import Final

from harness import profile as profiles

ARGUMENTS: Final = ("--audit", "tls:{audit_host}:{audit_port}")
"""How the device is told; by default it has no audit trail, and starts the sooner."""

_WAIT_S: Final = 3.0


def audited(read: profiles.Profile) -> profiles.Profile:
    """The profile that claims an audit trail too."""
    section = profiles.AuditSection(
        transport="tls",
        events=(
            "application-activity",
            "begin-transferring-dicom-instances",
            "dicom-instances-transferred",
            "query",
            "security-alert",
            "user-authentication",
        ),
        keeps=True,
        wait_s=_WAIT_S,
    )
    return read.model_copy(update={"audit": section})
