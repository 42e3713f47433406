"""CRT-04 for requestors: a server certificate before or after its time of validity."""

from datetime import timedelta

from harness.model import Claim, Role, Severity
from harness.oracles import TlsAlert, client_refuses, tls_refused
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from simulators.acceptor import Acceptor
from simulators.handshakes.hearing import SPANS
from simulators.handshakes.traps import show_identity
from simulators.lab import lab_of

_TIMES: dict[str, tuple[timedelta, timedelta]] = {
    "expired": (timedelta(days=-30), timedelta(days=-1)),
    "not yet valid": (timedelta(days=1), timedelta(days=30)),
}


@scenario(
    id="CRT-104",
    verifies=["HOUSE/VALIDITY-TIME", "RFC5280/4.1.2.5", "RFC9325/7.1"],
    threats=["T-IMPERS-03", "T-IMPERS-04"],
    weakness=["CWE-298"],
    references=["CVE-2021-33020"],
    role=Role.REQUESTOR,
    needs={Claim.TLS_REQUESTOR, Claim.VERIFICATION_SCU, Claim.TRUST_CONTROLLED},
    severity=Severity.HIGH,
    twin="TLS-950",
    control="scu_ignores_validity",
    oracles=[
        tls_refused(
            TlsAlert.CERTIFICATE_EXPIRED, TlsAlert.BAD_CERTIFICATE, TlsAlert.CERTIFICATE_UNKNOWN
        ),
        client_refuses(Outcome.ALERT),
    ],
    budget_s=40,
    vary=[{"version": span, "validity": validity} for span in SPANS for validity in _TIMES],
)
def answers_outside_its_time(stage: Stage) -> None:
    """A requestor refuses a server certificate before and after its time of validity.

    An archive that was replaced years ago leaves its disk, and on it its key, to a dealer. The end
    of its certificate is what makes that key useless, if the devices that call the archive look
    at it.

    Remedy: Check notBefore and notAfter against a synchronised clock.
    """
    begin, end = _TIMES[str(stage.case["validity"])]
    identity = lab_of(stage).trust.authority.issue(not_before=begin, not_after=end)
    with Acceptor(stage, hello_only=True) as impostor:
        show_identity(impostor, identity, lie="validity")
