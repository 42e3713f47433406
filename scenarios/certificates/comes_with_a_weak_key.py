"""CRT-11: a client certificate with a weak key or signature."""

from harness.model import Claim, Role, Severity
from harness.oracles import only_should, tls_refused
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.identities import cases, names_of, soft, try_specimen

_NAMES = names_of("strength", "client")


@scenario(
    id="CRT-011",
    verifies=["HOUSE/KEY-STRENGTH", "RFC9325/4.5/RSA", "RFC9325/4.5/HASH"],
    threats=["T-IMPERS-02"],
    weakness=["CWE-326", "CWE-328"],
    role=Role.ACCEPTOR,
    needs={
        Claim.TLS_ACCEPTOR,
        Claim.MUTUAL_TLS,
        Claim.VERIFICATION_SCP,
        Claim.TRUST_CONTROLLED,
    },
    severity=Severity.HIGH,
    twin="TLS-900",
    control="accepts_weak_key",
    oracles=[only_should(tls_refused(), "flaw", soft(_NAMES))],
    budget_s=40,
    vary=cases(_NAMES),
)
def comes_with_a_weak_key(stage: Stage) -> None:
    """A client certificate with a key or a signature that can be forged is refused.

    RSA keys of 512 bits fall to one computer in hours, those of 1024 bits to whoever can pay,
    and a colliding pair of MD5 or SHA-1 certificates has been made in public. A device that
    takes them trusts everybody who can make one. Many libraries take them unless told
    otherwise.

    Remedy: Refuse RSA keys below 2048 bits, curves below 256 bits, and signatures with MD5 or
    SHA-1 (security level 2 of OpenSSL).
    """
    try_specimen(stage)
