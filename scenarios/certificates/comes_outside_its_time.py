"""CRT-04: a client certificate before or after its time of validity."""

from datetime import timedelta

from harness.model import Claim, Role, Severity
from harness.oracles import TlsAlert, tls_refused
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.hearing import SPANS
from simulators.handshakes.trials import try_identity
from simulators.lab import lab_of

_TIMES: dict[str, tuple[timedelta, timedelta]] = {
    "expired": (timedelta(days=-30), timedelta(days=-1)),
    "not yet valid": (timedelta(days=1), timedelta(days=30)),
}


@scenario(
    id="CRT-004",
    verifies=["HOUSE/VALIDITY-TIME", "RFC5280/4.1.2.5"],
    threats=["T-IMPERS-02", "T-IMPERS-04"],
    weakness=["CWE-298"],
    references=["CVE-2021-33020"],
    role=Role.ACCEPTOR,
    needs={
        Claim.TLS_ACCEPTOR,
        Claim.MUTUAL_TLS,
        Claim.VERIFICATION_SCP,
        Claim.TRUST_CONTROLLED,
    },
    severity=Severity.HIGH,
    twin="TLS-900",
    control="ignores_validity",
    oracles=[
        tls_refused(
            TlsAlert.CERTIFICATE_EXPIRED, TlsAlert.BAD_CERTIFICATE, TlsAlert.CERTIFICATE_UNKNOWN
        )
    ],
    budget_s=40,
    vary=[{"version": span, "validity": validity} for span in SPANS for validity in _TIMES],
)
def comes_outside_its_time(stage: Stage) -> None:
    """A client certificate is refused before and after its time of validity.

    Certificates end so that a key that was stolen or sold with an old modality stops opening doors.
    A device that ignores the dates, often because its own clock was never set, keeps every lost key
    valid for ever.

    Remedy: Check notBefore and notAfter against a synchronised clock.
    """
    begin, end = _TIMES[str(stage.case["validity"])]
    identity = lab_of(stage).trust.authority.issue(not_before=begin, not_after=end)
    try_identity(stage, identity, lie="validity")
