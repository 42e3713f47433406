"""CRT-11 for requestors: a server certificate with a weak key or signature."""

from harness.model import Claim, Role, Severity
from harness.oracles import client_refuses, only_should, tls_refused
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from simulators.handshakes.identities import cases, names_of, show_specimen, soft

_NAMES = names_of("strength", "server")


@scenario(
    id="CRT-111",
    verifies=["HOUSE/KEY-STRENGTH", "RFC9325/4.5/RSA", "RFC9325/4.5/HASH"],
    threats=["T-IMPERS-03"],
    weakness=["CWE-326", "CWE-328"],
    role=Role.REQUESTOR,
    needs={
        Claim.TLS_REQUESTOR,
        Claim.VERIFICATION_SCU,
        Claim.TRUST_CONTROLLED,
    },
    severity=Severity.HIGH,
    twin="TLS-950",
    control="scu_accepts_weak_key",
    oracles=[
        only_should(tls_refused(), "flaw", soft(_NAMES)),
        only_should(client_refuses(Outcome.ALERT), "flaw", soft(_NAMES)),
    ],
    budget_s=40,
    vary=cases(_NAMES),
)
def answers_with_a_weak_key(stage: Stage) -> None:
    """A requestor refuses a server certificate with a key or a signature that can be forged.

    An RSA key of 512 bits is factored in hours, and colliding certificates signed with MD5 or
    SHA-1 have been made in public: the archive that the device calls may be anybody. Many
    libraries take such certificates unless they are told otherwise.

    Remedy: Refuse RSA keys below 2048 bits, curves below 256 bits, and signatures with MD5 or
    SHA-1 (security level 2 of OpenSSL).
    """
    show_specimen(stage)
