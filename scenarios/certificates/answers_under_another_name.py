"""CRT-05: a trusted server that is not the one which the device means to call."""

from harness.model import Claim, Role, Severity
from harness.oracles import TlsAlert, client_refuses, tls_refused
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from simulators.acceptor import Acceptor
from simulators.handshakes.hearing import SPANS
from simulators.handshakes.traps import show_identity
from simulators.lab import lab_of

_NAMES: dict[str, tuple[str, ...]] = {
    "another host": ("printer.hospital.invalid",),
    "another address": ("127.0.0.2",),
}


@scenario(
    id="CRT-105",
    verifies=["HOUSE/SERVER-IDENTITY", "RFC9525/6", "RFC9325/7.1"],
    threats=["T-IMPERS-03"],
    weakness=["CWE-297"],
    references=["DCMTK-TLS-HOSTNAME", "DCM4CHE-1016"],
    role=Role.REQUESTOR,
    needs={
        Claim.TLS_REQUESTOR,
        Claim.CHECKS_HOST_NAME,
        Claim.VERIFICATION_SCU,
        Claim.TRUST_CONTROLLED,
    },
    severity=Severity.HIGH,
    twin="TLS-950",
    control="scu_no_host_check",
    oracles=[
        tls_refused(
            TlsAlert.BAD_CERTIFICATE, TlsAlert.CERTIFICATE_UNKNOWN, TlsAlert.HANDSHAKE_FAILURE
        ),
        client_refuses(Outcome.ALERT),
    ],
    budget_s=40,
    vary=[{"version": span, "names": names} for span in SPANS for names in _NAMES],
)
def answers_under_another_name(stage: Stage) -> None:
    """A requestor refuses a trusted certificate that belongs to another host.

    Every device of a hospital has a certificate of the same authority. Without a check of the name,
    the key of any one of them, an old workstation or a printer, is enough to pose as the archive.
    The certificates name another host or another address, and have the right address as a common
    name only, which must not count.

    Remedy: Match the name or address that was configured with the subject alternative names, or
    pin the certificate of each destination.
    """
    names = _NAMES[str(stage.case["names"])]
    identity = lab_of(stage).trust.authority.issue(names=names, common_name="127.0.0.1")
    with Acceptor(stage, hello_only=True) as impostor:
        show_identity(impostor, identity, lie="extensions.subject_alt_name")
