"""CRT-08: a client certificate with a critical extension that nobody knows."""

from harness.model import Claim, Role, Severity
from harness.oracles import tls_refused
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.identities import cases, names_of, try_specimen

_NAMES = names_of("constraints", "client", about="RFC5280/4.2")


@scenario(
    id="CRT-008C",
    verifies=["HOUSE/TRUSTED-PATH", "RFC5280/4.2"],
    threats=["T-IMPERS-02"],
    weakness=["CWE-295"],
    role=Role.ACCEPTOR,
    needs={
        Claim.TLS_ACCEPTOR,
        Claim.MUTUAL_TLS,
        Claim.VERIFICATION_SCP,
        Claim.TRUST_CONTROLLED,
    },
    severity=Severity.MEDIUM,
    twin="TLS-900",
    control="ignores_critical_extension",
    oracles=[tls_refused()],
    budget_s=40,
    vary=cases(_NAMES),
)
def carries_a_critical_extension_that_nobody_knows(stage: Stage) -> None:
    """A certificate with a critical extension that the device does not know is refused.

    An authority marks an extension as critical to limit what the certificate is good for. Who
    does not understand the limit cannot keep it, and so must not use the certificate; a device
    that passes it over lets a certificate serve for what it was never meant for.

    Remedy: Leave the library's handling of critical extensions in place, in the leaf and in
    every authority on the path.
    """
    try_specimen(stage)
