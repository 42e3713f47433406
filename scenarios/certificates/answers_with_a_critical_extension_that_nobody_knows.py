"""CRT-08 for requestors: a server certificate with an unknown critical extension."""

from harness.model import Claim, Role, Severity
from harness.oracles import client_refuses, tls_refused
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from simulators.handshakes.identities import cases, names_of, show_specimen

_NAMES = names_of("constraints", "server", about="RFC5280/4.2")


@scenario(
    id="CRT-108C",
    verifies=["HOUSE/TRUSTED-PATH", "RFC5280/4.2"],
    threats=["T-IMPERS-03"],
    weakness=["CWE-295"],
    role=Role.REQUESTOR,
    needs={
        Claim.TLS_REQUESTOR,
        Claim.VERIFICATION_SCU,
        Claim.TRUST_CONTROLLED,
    },
    severity=Severity.MEDIUM,
    twin="TLS-950",
    control="scu_ignores_critical_extension",
    oracles=[tls_refused(), client_refuses(Outcome.ALERT)],
    budget_s=40,
    vary=cases(_NAMES),
)
def answers_with_a_critical_extension_that_nobody_knows(stage: Stage) -> None:
    """A requestor refuses a server certificate with a critical extension that it does not know.

    An authority marks an extension as critical to limit what the certificate is good for. Who
    does not understand the limit cannot keep it, and so must not use the certificate; a device
    that passes it over lets a certificate serve for what it was never meant for.

    Remedy: Leave the library's handling of critical extensions in place, in the leaf and in
    every authority on the path.
    """
    show_specimen(stage)
