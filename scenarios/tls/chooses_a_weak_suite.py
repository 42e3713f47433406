"""TLS-07: an archive that has weak cipher suites only."""

from typing import get_args

from harness.model import Claim, Role, Severity
from harness.oracles import TlsAlert, client_refuses, only_should, tls_refused
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from simulators.acceptor import Acceptor
from simulators.handshakes.traps import answer_with_suites
from simulators.tls import LegacyClass

_FORBIDDEN = ("null", "anon", "rc4")
_DISCOURAGED = ("3des", "no-pfs", "cbc-sha1")
_CLASSES: dict[str, LegacyClass] = {name: name for name in get_args(LegacyClass)}


@scenario(
    id="TLS-106",
    verifies=[
        "RFC9325/4.1",
        "RFC9325/4.1/WEAK",
        "RFC9325/4.2",
        "PS3.15/B.12/NULL",
        "IHE/ITI-19",
    ],
    threats=["T-CONF-01", "T-CONF-02", "T-IMPERS-03"],
    weakness=["CWE-327"],
    references=["CVE-2021-33018"],
    role=Role.REQUESTOR,
    needs={Claim.TLS_REQUESTOR, Claim.VERIFICATION_SCU, Claim.TRUST_CONTROLLED},
    severity=Severity.HIGH,
    twin="TLS-950",
    control="scu_weak_suites",
    oracles=[
        only_should(
            tls_refused(
                TlsAlert.ILLEGAL_PARAMETER,
                TlsAlert.HANDSHAKE_FAILURE,
                TlsAlert.INSUFFICIENT_SECURITY,
            ),
            "suites",
            _DISCOURAGED,
        ),
        only_should(client_refuses(Outcome.ALERT, Outcome.NOT_OFFERED), "suites", _DISCOURAGED),
    ],
    budget_s=40,
    vary=[{"suites": name} for name in (*_FORBIDDEN, *_DISCOURAGED)],
)
def chooses_a_weak_suite(stage: Stage) -> None:
    """A requestor does not go along with a server that chooses a weak cipher suite.

    A server decides among what it was offered, so a weak suite in the offer is enough for a man in
    the middle to have it. Best is not to offer it: that is read from the ClientHello, and the suite
    is then chosen all the same, which a client has to notice. NULL, anonymous and RC4 suites are
    forbidden; 3DES, RSA key exchange and CBC with SHA-1 should not be used, which is a warning.

    Remedy: Offer AEAD suites with ephemeral keys only.
    """
    with Acceptor(stage, hello_only=True) as weak:
        answer_with_suites(weak, _CLASSES[str(stage.case["suites"])])
