"""TLS-05 for requestors: which versions a client offers, and which one it ends up with."""

from harness.model import Claim, Role, Severity
from harness.oracles import offers_modern_versions, prefers_newest
from harness.registry import scenario
from harness.stage import Stage
from simulators.acceptor import Acceptor
from simulators.handshakes.traps import receive_client, serve_echo
from simulators.lab import lab_of


@scenario(
    id="TLS-105",
    verifies=["PS3.15/B.12/VERSIONS", "RFC9325/3.1.1", "RFC9325/3.1.1/PREFER"],
    threats=["T-CONF-02"],
    weakness=["CWE-757"],
    role=Role.REQUESTOR,
    needs={Claim.TLS_REQUESTOR, Claim.VERIFICATION_SCU, Claim.TRUST_CONTROLLED},
    severity=Severity.MEDIUM,
    twin="TLS-950",
    control="scu_tls12_only",
    oracles=[offers_modern_versions(), prefers_newest()],
    budget_s=40,
)
def serves_the_newest_version(stage: Stage) -> None:
    """A requestor offers TLS 1.2, prefers TLS 1.3 where it claims it, and offers nothing older.

    What is not offered cannot be downgraded to; what is claimed and not offered protects nobody.
    The ClientHello is read, and an honest server that has both versions then finishes the
    handshake, so that the preference shows in the result.

    Remedy: Leave the versions to the TLS library with a minimum of TLS 1.2 and without a maximum.
    """
    with Acceptor(stage, hello_only=True) as honest:
        what = "ServerHello of a server that has TLS 1.3 and TLS 1.2"
        serve_echo(honest, receive_client(honest, lab_of(stage).trust.server, what=what))
