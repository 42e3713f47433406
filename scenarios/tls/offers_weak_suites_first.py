"""TLS-07: a client that prefers weak suites, and has good ones too."""

from harness.model import Claim, Role, Severity
from harness.oracles import prefers_good_suite
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.hellos import every_suite, offer_hello, require_hello_answered
from simulators.tls import HelloOffer, TlsVersion, suite

_GOOD = {"AES-128-GCM": (0xC02B, 0xC02F), "AES-256-GCM": (0xC02B, 0xC02F, 0xC02C, 0xC030)}


def _weak() -> tuple[int, ...]:
    known = ((code, suite(code)) for code in every_suite())
    return tuple(code for code, one in known if one and one.weakness not in ("aead-pfs", "tls13"))


@scenario(
    id="TLS-007",
    verifies=["RFC9325/4.2.1/SERVER", "RFC9325/4.1/PFS", "RFC9325/4.2.1/STRONGER"],
    threats=["T-CONF-02"],
    weakness=["CWE-757"],
    role=Role.ACCEPTOR,
    needs={Claim.TLS_ACCEPTOR, Claim.VERIFICATION_SCP, Claim.TRUST_CONTROLLED},
    severity=Severity.MEDIUM,
    twin="TLS-900",
    control="follows_client_order",
    oracles=[prefers_good_suite()],
    budget_s=40,
    vary=[{"last": last} for last in _GOOD],
)
def offers_weak_suites_first(stage: Stage) -> None:
    """A good suite is chosen before any weak one, whatever the client's order.

    An old client lists its suites as it was built twenty years ago; it is the device that knows
    better. Every weak suite stands first here, and the good ones come last. A device that then
    takes AES with 256 bits where it can has chosen best.

    Remedy: Let the server's order decide, with AEAD and ephemeral keys first, or drop the rest.
    """
    require_hello_answered(stage)
    last = str(stage.case["last"])
    offer = HelloOffer(versions=(TlsVersion.TLS1_2,), suites=(*_weak(), *_GOOD[last]))
    what = f"ClientHello with every weak suite first and {last} last"
    offer_hello(stage, offer, what=what, lies=["cipher_suites"])
