"""The twin of the TLS and certificate scenarios."""

from dataclasses import replace

from harness.model import Claim, Role, Severity
from harness.oracles import negotiates, succeeds
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.trials import try_honestly
from simulators.lab import lab_of
from simulators.tls import TlsVersion


@scenario(
    id="TLS-900",
    verifies=["HOUSE/HONEST-SERVICE", "PS3.15/B.12/VERSIONS"],
    threats=["T-AVAIL-01"],
    weakness=[],
    role=Role.ACCEPTOR,
    needs={Claim.TLS_ACCEPTOR, Claim.VERIFICATION_SCP, Claim.TRUST_CONTROLLED},
    severity=Severity.MEDIUM,
    twin=None,
    control="refuses_tls12",
    oracles=[succeeds(), negotiates("TLS 1.2")],
    budget_s=30,
)
def answers_over_tls_1_2(stage: Stage) -> None:
    """An honest C-ECHO over TLS 1.2 is answered with success.

    A device that refuses everybody also refuses every attacker; only one that serves an honest
    client with a trusted certificate over TLS 1.2, which every device has to support, can be
    called secure for what it refuses.

    Remedy: Support TLS 1.2 with AEAD suites, and trust the authorities that were configured.
    """
    honest = lab_of(stage).trust.client
    try_honestly(stage, replace(honest, minimum=TlsVersion.TLS1_2, maximum=TlsVersion.TLS1_2))
