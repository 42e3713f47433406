"""CRT-07 for requestors: a server certificate whose key is for something else."""

from harness.model import Claim, Role, Severity
from harness.oracles import client_refuses, only_should, tls_refused
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from simulators.handshakes.identities import cases, names_of, show_specimen, soft

_NAMES = names_of("usages", "server", without=("RFC5280/4.2.1.12",))
# Servers with RSA key exchange or fixed Diffie-Hellman keys had it so up to TLS 1.2, and OpenSSL
# takes them still, whatever the version.
_OLD_CUSTOM = ["key not for signatures", "key for agreement only"]


@scenario(
    id="CRT-117",
    verifies=["HOUSE/KEY-USAGE", "RFC5280/4.2.1.3"],
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
    control="scu_ignores_key_usage",
    oracles=[
        only_should(tls_refused(), "flaw", [*soft(_NAMES), *_OLD_CUSTOM]),
        only_should(client_refuses(Outcome.ALERT), "flaw", [*soft(_NAMES), *_OLD_CUSTOM]),
    ],
    budget_s=40,
    vary=cases(_NAMES),
)
def answers_with_a_misused_key(stage: Stage) -> None:
    """A requestor refuses a server certificate whose key usage does not permit what it does.

    A key for agreement or for revocation lists is kept, backed up and escrowed by other rules
    than one that proves who somebody is. Where the key usage is passed over, the weakest kept
    key of the house opens every device.

    Remedy: Verify that the key usage permits digital signatures, and that an end entity is no
    authority.
    """
    show_specimen(stage)
