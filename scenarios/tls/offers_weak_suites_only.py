"""TLS-06: a client that offers one class of weak cipher suites and nothing else."""

from typing import get_args

from harness.model import Claim, Role, Severity
from harness.oracles import TlsAlert, only_should, tls_refused
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.hellos import offer_hello, require_hello_answered
from simulators.tls import HelloOffer, SuiteClass, TlsVersion, suites

_FORBIDDEN = ("null", "export", "anon", "rc4", "des")
_DISCOURAGED = ("3des", "no-pfs", "cbc-sha1")
_CLASSES: dict[str, SuiteClass] = {name: name for name in get_args(SuiteClass)}


@scenario(
    id="TLS-006",
    verifies=[
        "RFC9325/4.1",
        "RFC9325/4.1/WEAK",
        "RFC9325/4.2",
        "PS3.15/B.12/NULL",
        "IHE/ITI-19",
    ],
    threats=["T-CONF-01", "T-CONF-02"],
    weakness=["CWE-327"],
    references=["CVE-2021-33018"],
    role=Role.ACCEPTOR,
    needs={Claim.TLS_ACCEPTOR, Claim.VERIFICATION_SCP, Claim.TRUST_CONTROLLED},
    severity=Severity.HIGH,
    twin="TLS-900",
    control="weak_suites",
    oracles=[
        only_should(
            tls_refused(TlsAlert.HANDSHAKE_FAILURE, TlsAlert.INSUFFICIENT_SECURITY),
            "suites",
            _DISCOURAGED,
        )
    ],
    budget_s=40,
    vary=[{"suites": name} for name in (*_FORBIDDEN, *_DISCOURAGED)],
)
def offers_weak_suites_only(stage: Stage) -> None:
    """Suites without encryption, without authentication or with a broken cipher are not negotiated.

    With NULL an eavesdropper reads along, with an anonymous key exchange anybody can be the other
    side, and RC4, DES and export keys are broken in practice: those are forbidden. 3DES, RSA key
    exchange and CBC with SHA-1 should not be used, so that agreeing to them is a warning. One
    hello per class offers all suites of that class; one that offers everything is answered before.

    Remedy: Configure AEAD suites with ephemeral keys only.
    """
    require_hello_answered(stage)
    weakness = _CLASSES[str(stage.case["suites"])]
    offer = HelloOffer(versions=(TlsVersion.TLS1_2,), suites=suites(weakness))
    what = f"ClientHello that offers {weakness} suites only"
    offer_hello(stage, offer, what=what, lies=["cipher_suites"])
