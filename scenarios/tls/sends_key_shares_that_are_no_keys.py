"""TLS-36: key shares of TLS 1.3 that are no keys of their group."""

from collections.abc import Mapping

from harness.model import Claim, Role, Severity
from harness.oracles import TlsAlert, tls_refused
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.hellos import offer_hello, require_hello_answered, tls13
from simulators.tls import HelloOffer
from simulators.tls.codes import GROUP_NUMBERS

_SHARES: Mapping[str, tuple[str, bytes]] = {
    "a point off the curve": ("secp256r1", b"\x04" + bytes(31) + b"\x05" + bytes(31) + b"\x07"),
    "the point at infinity": ("secp256r1", b"\x00"),
    "a point that is cut short": ("secp256r1", b"\x04" + b"\x01" * 40),
    "zero for x25519": ("x25519", bytes(32)),
    "31 octets for x25519": ("x25519", b"\x09" * 31),
}


@scenario(
    id="TLS-036",
    verifies=["RFC8446/4.2.8", "RFC9325/7.4", "HOUSE/ORDERLY-REFUSAL"],
    threats=["T-CONF-02"],
    weakness=["CWE-354", "CWE-327"],
    references=["CVE-2015-7940"],
    role=Role.ACCEPTOR,
    needs={Claim.TLS_ACCEPTOR, Claim.VERIFICATION_SCP, Claim.TRUST_CONTROLLED, Claim.TLS_1_3},
    severity=Severity.MEDIUM,
    twin="TLS-901",
    control="ignores_invalid_point",
    oracles=[tls_refused(TlsAlert.ILLEGAL_PARAMETER)],
    budget_s=40,
    vary=[{"share": share} for share in _SHARES],
)
def sends_key_shares_that_are_no_keys(stage: Stage) -> None:
    """A key share that is no key of its group is refused.

    A point off the curve leads the computation into a smaller group, in which a device that uses
    its key again gives it away piece by piece; zero makes the secret known to everybody on the
    line. A hello with a sound share, which also offers the group that everybody has, is answered
    just before; a device without x25519 refuses that group altogether.

    Remedy: Update the TLS library; a conforming one checks every point before it is used.
    """
    share = str(stage.case["share"])
    group, key = _SHARES[share]
    sound = tls13(HelloOffer(groups=(group, "secp256r1")))
    require_hello_answered(stage, sound, than=f"a sound share for {group}")
    bad = tls13(HelloOffer(groups=(group,), key_shares=((GROUP_NUMBERS[group], key),)))
    what = f"ClientHello with {share} as key share"
    offer_hello(stage, bad, what=what, lies=["extensions.key_share"])
