"""What a gentle look at an address tells about a device; the look itself is an actor's work.

The probe is found by the entry-point group ``dicom_assay.probes``: it takes a profile that names
the address, the AE titles and the scope, and answers with what it saw of a few honest associations.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import entry_points

from harness.errors import BenchError
from harness.profile import Profile
from harness.verdict import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """What was seen; None or empty is "not observed", which is not "no".

    Attributes:
        outcome: How the honest association went; REFUSED when nothing listens.
        detail: The same for people.
        reason: Reason code of a rejection by the service user (PS3.8 9.3.4), else None.
        services: Services, as a profile names them, with an accepted presentation context.
        transfer_syntaxes: UIDs accepted for storage.
        max_pdu: Announced maximum length in bytes; 0 is no limit.
        implementation: Implementation class UID and version name, as printable ASCII.
        echo_status: Status of an honest C-ECHO.
        refuses_called: A made-up called AE title was rejected as such (True) or accepted (False).
        refuses_calling: The same for a made-up calling AE title.
        tls: Versions that were negotiated, newest first; empty when no TLS was seen.
        asks_for_certificate: A client certificate was asked for (seen up to TLS 1.2 only).
        remarks: What else a person should know.
    """

    outcome: Outcome
    detail: str
    reason: int | None = None
    services: tuple[str, ...] = ()
    transfer_syntaxes: tuple[str, ...] = ()
    max_pdu: int | None = None
    implementation: str = ""
    echo_status: int | None = None
    refuses_called: bool | None = None
    refuses_calling: bool | None = None
    tls: tuple[str, ...] = ()
    asks_for_certificate: bool | None = None
    remarks: tuple[str, ...] = ()


Probe = Callable[[Profile], Observed]
"""A profile with address, AE titles and scope -> what was seen there.

Raises ScopeError when the address is outside the scope; nothing has been sent then.
"""


def probe(profile: Profile) -> Observed:
    """Looks at the acceptor that the profile names, with the installed probe.

    Raises:
        BenchError: No probe is installed.
        ScopeError: The address may not be tested.
    """
    for entry in entry_points(group="dicom_assay.probes"):
        look: Probe = entry.load()
        return look(profile)
    raise BenchError("no probe is installed: reinstall dicom-assay")
