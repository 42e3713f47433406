"""TLS-09, TLS-10 and TLS-11 for requestors, read from the ClientHello alone."""

from harness.model import Claim, Role, Severity
from harness.oracles import (
    asks_for_sound_hashes,
    keeps_the_legacy_version,
    lists_uncompressed_points,
    offers_common_groups,
    offers_extended_master_secret,
    offers_modern_versions,
    offers_null_compression_only,
    prefers_a_strong_suite,
    signals_secure_renegotiation,
    tells_what_else_it_offers,
)
from harness.registry import scenario
from harness.stage import Stage
from simulators.acceptor import Acceptor
from simulators.handshakes.traps import receive_client, serve_echo
from simulators.lab import lab_of


@scenario(
    id="TLS-127",
    verifies=[
        "RFC9325/3.3",
        "RFC9325/3.5",
        "RFC9325/3.5/EMS",
        "RFC9325/4.2.1/CLIENT",
        "RFC9325/4.2.1/GROUPS",
        "RFC9325/4.2.1/POINTS",
        "RFC9325/4.5/ASKS",
        "RFC8446/4.1.2",
    ],
    threats=["T-CONF-02"],
    weakness=["CWE-757", "CWE-327"],
    role=Role.REQUESTOR,
    needs={Claim.TLS_REQUESTOR, Claim.VERIFICATION_SCU, Claim.TRUST_CONTROLLED},
    severity=Severity.MEDIUM,
    twin="TLS-950",
    control="scu_hello_lacks_ems",
    oracles=[
        offers_modern_versions(),
        keeps_the_legacy_version(),
        offers_null_compression_only(),
        signals_secure_renegotiation(),
        offers_extended_master_secret(),
        asks_for_sound_hashes(),
        prefers_a_strong_suite(),
        offers_common_groups(),
        lists_uncompressed_points(),
        tells_what_else_it_offers(),
    ],
    budget_s=30,
)
def tells_by_its_hello(stage: Stage) -> None:
    """The ClientHello of a requestor asks for all protection that TLS has, and for nothing weak.

    A server can only choose among what it is offered, so that much of a client's security shows in
    its first message. It is read here, rule by rule, and an honest server then serves the call. The
    server name, the application protocol and post-quantum groups are noted, not judged.

    Remedy: Leave the hello to a current TLS library with its defaults, and remove what was added to
    it.
    """
    with Acceptor(stage, hello_only=True) as honest:
        what = "ServerHello of an honest server"
        serve_echo(honest, receive_client(honest, lab_of(stage).trust.server, what=what))
