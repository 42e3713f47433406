"""TLS-32 for requestors: a server that prefers a post-quantum group, or has the mandatory one."""

from dataclasses import replace

from harness.model import Claim, Role, Severity
from harness.oracles import client_succeeds
from harness.registry import scenario
from harness.stage import Stage
from simulators.acceptor import Acceptor
from simulators.handshakes.traps import receive_client, serve_echo
from simulators.lab import lab_of
from simulators.tls import ModernPolicy, TlsVersion

_GROUPS = {
    "X25519MLKEM768 first": ("X25519MLKEM768", "x25519", "secp256r1"),
    "secp256r1 alone": ("secp256r1",),
}


@scenario(
    id="TLS-132",
    verifies=["HOUSE/TOLERATES-THE-NEW", "RFC8446/9.1", "RFC9325/4.2.1/GROUPS"],
    threats=["T-AVAIL-01"],
    weakness=["CWE-20"],
    role=Role.REQUESTOR,
    needs={
        Claim.TLS_REQUESTOR,
        Claim.VERIFICATION_SCU,
        Claim.TRUST_CONTROLLED,
        Claim.TLS_1_3,
    },
    severity=Severity.LOW,
    twin="TLS-950",
    control="scu_offers_one_group",
    oracles=[client_succeeds()],
    budget_s=30,
    vary=[{"groups": groups} for groups in _GROUPS],
)
def prefers_other_groups(stage: Stage) -> None:
    """A requestor is served by a server of post-quantum preference, and by one with P-256 alone.

    Archives are updated before devices: a new one prefers X25519MLKEM768 and has to find something
    older in the offer, a strict one has the one group that TLS 1.3 demands and asks the client to
    try again with it. A device that knows neither way back loses its archive at the next update.

    Remedy: Offer X25519 and P-256, and follow a HelloRetryRequest; post-quantum groups as well.
    """
    groups = str(stage.case["groups"])
    honest = ModernPolicy.like(lab_of(stage).trust.server)
    policy = replace(honest, groups=_GROUPS[groups], minimum=TlsVersion.TLS1_3)
    with Acceptor(stage, hello_only=True) as modern:
        what = f"ServerHello of a server with the groups {groups}"
        serve_echo(modern, receive_client(modern, policy, what=what, honest=True))
