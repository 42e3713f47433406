"""TLS-17: sound hellos that look different from those of yesterday."""

from collections.abc import Mapping

from harness.model import Claim, Role, Severity
from harness.oracles import hello_answered
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.hellos import offer_hello, require_hello_answered
from simulators.tls import HelloOffer, TlsVersion
from simulators.tls.codes import GROUP_NUMBERS, Extension
from simulators.tls.strange import hybrid_share

_FUTURE = (0x0305, TlsVersion.TLS1_3, TlsVersion.TLS1_2)
_UNKNOWN_EXTENSION = 0xFADE
_SHARES = ((GROUP_NUMBERS["X25519MLKEM768"], hybrid_share()), (0x001D, b"\x09" * 32))
_NEW: Mapping[str, HelloOffer] = {
    "GREASE": HelloOffer(grease=True),
    "an unknown extension": HelloOffer(extra_extensions=((_UNKNOWN_EXTENSION, b"new"),)),
    "a future version": HelloOffer(versions=_FUTURE),
    "several records": HelloOffer(record_size=100),
    "many TCP segments": HelloOffer(),
    "a post-quantum key": HelloOffer(
        groups=("X25519MLKEM768", "x25519", "secp256r1"), key_shares=_SHARES
    ),
    "15 kB of padding": HelloOffer(extra_extensions=((Extension.PADDING, bytes(15_000)),)),
}
_SEGMENTS = {"many TCP segments": 1, "a post-quantum key": 600}


@scenario(
    id="TLS-017",
    verifies=["RFC8446/4.1.2/UNKNOWN", "HOUSE/TOLERATES-THE-NEW"],
    threats=["T-AVAIL-01"],
    weakness=["CWE-703"],
    role=Role.ACCEPTOR,
    needs={Claim.TLS_ACCEPTOR, Claim.VERIFICATION_SCP, Claim.TRUST_CONTROLLED},
    severity=Severity.MEDIUM,
    twin="TLS-900",
    control="intolerant_of_unknown",
    oracles=[hello_answered("hello", {"15 kB of padding"})],
    budget_s=40,
    vary=[{"hello": hello} for hello in _NEW],
)
def offers_what_is_new_and_unknown(stage: Stage) -> None:
    """What is unknown in a hello is ignored, and a hello may come in pieces.

    A device that breaks off at what it does not know forces its peers to stay as they are: they
    cannot add a version, a post-quantum key or an extension without losing it. All these hellos
    are sound, and whatever a device needs is in each of them; a plain one is answered before.

    Remedy: Update the TLS library, and any middle box that looks into hellos.
    """
    require_hello_answered(stage)
    hello = str(stage.case["hello"])
    what = f"ClientHello with {hello}"
    offer_hello(stage, _NEW[hello], what=what, lies=[], segment=_SEGMENTS.get(hello))
