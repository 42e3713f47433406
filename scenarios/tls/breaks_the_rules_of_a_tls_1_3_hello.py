"""TLS-25: hellos of TLS 1.3 that break a rule of their own."""

from collections.abc import Mapping

from harness.model import Claim, Role, Severity
from harness.oracles import TlsAlert, tls_refused
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.hellos import (
    every_suite,
    offer_hello,
    require_hello_answered,
    tls13,
)
from simulators.tls import HelloOffer
from simulators.tls.codes import Extension

_BROKEN: Mapping[str, tuple[HelloOffer, str]] = {
    "DEFLATE": (HelloOffer(compression=(1, 0)), "compression_methods"),
    "no signature_algorithms": (
        HelloOffer(without=(Extension.SIGNATURE_ALGORITHMS,)),
        "extensions.length",
    ),
    "no supported_groups": (HelloOffer(without=(Extension.SUPPORTED_GROUPS,)), "extensions.length"),
    "no key_share": (HelloOffer(without=(Extension.KEY_SHARE,)), "extensions.length"),
    "TLS 1.2 in the old field only": (
        HelloOffer(
            suites=every_suite(),
            without=(Extension.SUPPORTED_VERSIONS,),
            extra_extensions=((Extension.SUPPORTED_VERSIONS, b"\x02\x03\x05"),),
        ),
        "extensions.supported_versions",
    ),
}


@scenario(
    id="TLS-025",
    verifies=["RFC8446/4.1.2", "RFC8446/4.2.1", "RFC8446/9.2"],
    threats=["T-INTEG-01"],
    weakness=["CWE-20"],
    role=Role.ACCEPTOR,
    needs={Claim.TLS_ACCEPTOR, Claim.VERIFICATION_SCP, Claim.TRUST_CONTROLLED, Claim.TLS_1_3},
    severity=Severity.LOW,
    twin="TLS-901",
    control="lenient_tls13_hello",
    oracles=[
        tls_refused(
            TlsAlert.ILLEGAL_PARAMETER, TlsAlert.MISSING_EXTENSION, TlsAlert.PROTOCOL_VERSION
        )
    ],
    budget_s=40,
    vary=[{"deviation": deviation} for deviation in _BROKEN],
)
def breaks_the_rules_of_a_tls_1_3_hello(stage: Stage) -> None:
    """A hello of TLS 1.3 with compression, without its extensions or of two minds is refused.

    A stack that fills the gaps of a hello by guessing chooses parameters that nobody asked for,
    and does it in the part of its code that is tested least. A sound hello of TLS 1.3 is answered
    just before; the broken ones differ by one extension or one octet. One names TLS 1.2 in its
    old version field, and in the list that counts a version that nobody has.

    Remedy: Update the TLS library; a conforming one refuses such hellos by itself.
    """
    require_hello_answered(stage, tls13(), than="a sound hello of TLS 1.3")
    deviation = str(stage.case["deviation"])
    broken, lie = _BROKEN[deviation]
    offer_hello(stage, tls13(broken), what=f"ClientHello of TLS 1.3: {deviation}", lies=[lie])
