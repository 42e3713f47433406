"""CRT-07: a client certificate whose key is for something else than signatures."""

from harness.model import Claim, Role, Severity
from harness.oracles import only_should, tls_refused
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.identities import cases, names_of, soft, try_specimen

_NAMES = names_of("usages", "client", without=("RFC5280/4.2.1.12",))
# Clients with fixed Diffie-Hellman keys had it so up to TLS 1.2, and OpenSSL takes them still.
_OLD_CUSTOM = ["key for agreement only"]


@scenario(
    id="CRT-017",
    verifies=["HOUSE/KEY-USAGE", "RFC5280/4.2.1.3"],
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
    control="ignores_key_usage",
    oracles=[only_should(tls_refused(), "flaw", [*soft(_NAMES), *_OLD_CUSTOM])],
    budget_s=40,
    vary=cases(_NAMES),
)
def misuses_its_key(stage: Stage) -> None:
    """A client certificate is refused whose key usage does not permit signatures.

    A key for agreement or for revocation lists is kept, backed up and escrowed by other rules
    than one that proves who somebody is. Where the key usage is passed over, the weakest kept
    key of the house opens every device.

    Remedy: Verify that the key usage permits digital signatures, and that an end entity is no
    authority.
    """
    try_specimen(stage)
