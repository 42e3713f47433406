"""The twin of the TLS and certificate scenarios at TLS 1.3."""

from dataclasses import replace

from harness.model import Claim, Role, Severity
from harness.oracles import negotiates, succeeds
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.trials import try_honestly
from simulators.lab import lab_of
from simulators.tls import TlsVersion


@scenario(
    id="TLS-901",
    verifies=["HOUSE/HONEST-SERVICE", "PS3.15/B.12/VERSIONS"],
    threats=["T-AVAIL-01"],
    weakness=[],
    role=Role.ACCEPTOR,
    needs={
        Claim.TLS_ACCEPTOR,
        Claim.VERIFICATION_SCP,
        Claim.TRUST_CONTROLLED,
        Claim.TLS_1_3,
    },
    severity=Severity.MEDIUM,
    twin=None,
    control="prefers_tls12",
    oracles=[succeeds(), negotiates("TLS 1.3")],
    budget_s=30,
)
def answers_over_tls_1_3(stage: Stage) -> None:
    """An honest C-ECHO over the newest version, TLS 1.3, is answered with success.

    The client offers TLS 1.2 as well, as real ones do. A device that claims TLS 1.3 has to choose
    it, and has to serve a client that shows a trusted certificate over it.

    Remedy: Enable TLS 1.3 and leave the choice of the version to the TLS library.
    """
    honest = lab_of(stage).trust.client
    try_honestly(stage, replace(honest, minimum=TlsVersion.TLS1_2, maximum=TlsVersion.TLS1_3))
