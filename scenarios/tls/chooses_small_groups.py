"""TLS-09 for requestors: key exchange in a group that is too small."""

from harness.model import Claim, Role, Severity
from harness.oracles import TlsAlert, client_refuses, only_should, tls_refused
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from simulators.handshakes.weaknesses import choose_weak, small_group

_FORBIDDEN = ("DH 768", "DH 1024", "secp192r1")
_DISCOURAGED = ("secp256k1",)


@scenario(
    id="TLS-109",
    verifies=["RFC9325/4.5", "HOUSE/SOUND-PARAMETERS"],
    threats=["T-CONF-02"],
    weakness=["CWE-326"],
    references=["CVE-2015-4000"],
    role=Role.REQUESTOR,
    needs={Claim.TLS_REQUESTOR, Claim.VERIFICATION_SCU, Claim.TRUST_CONTROLLED},
    severity=Severity.HIGH,
    twin="TLS-950",
    control="scu_small_groups",
    oracles=[
        only_should(
            tls_refused(
                TlsAlert.HANDSHAKE_FAILURE,
                TlsAlert.ILLEGAL_PARAMETER,
                TlsAlert.INSUFFICIENT_SECURITY,
            ),
            "group",
            _DISCOURAGED,
        ),
        only_should(client_refuses(Outcome.ALERT, Outcome.NOT_OFFERED), "group", _DISCOURAGED),
    ],
    budget_s=40,
    vary=[{"group": group} for group in (*_FORBIDDEN, *_DISCOURAGED)],
)
def chooses_small_groups(stage: Stage) -> None:
    """A requestor does not exchange keys in a group that is too small.

    The server chooses the group. Primes of 1024 bits and less, many of which are shared by millions
    of servers, are within reach of who can spend a little; the same goes for curves below 224 bits.
    secp256k1 is large enough, but no profile names it: going along is a warning. What the device
    does not offer is chosen all the same.

    Remedy: Take finite-field groups from 2048 bits on only, and list P-256, P-384 and X25519.
    """
    choose_weak(stage, small_group(str(stage.case["group"])))
