"""TLS-04: an archive that speaks nothing newer than TLS 1.1."""

from harness.model import Claim, Role, Severity
from harness.oracles import TlsAlert, client_refuses, tls_refused
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from simulators.acceptor import Acceptor
from simulators.handshakes.traps import answer_in_version
from simulators.tls import TlsVersion

_VERSIONS = {
    str(version): version for version in (TlsVersion.SSL3, TlsVersion.TLS1_0, TlsVersion.TLS1_1)
}


@scenario(
    id="TLS-103",
    verifies=["RFC9325/3.1.1", "RFC9325/3.1.3", "PS3.15/B.12", "RFC8996/4", "RFC8996/5"],
    threats=["T-CONF-02", "T-IMPERS-03"],
    weakness=["CWE-327", "CWE-757"],
    role=Role.REQUESTOR,
    needs={Claim.TLS_REQUESTOR, Claim.VERIFICATION_SCU, Claim.TRUST_CONTROLLED},
    severity=Severity.HIGH,
    twin="TLS-950",
    control="scu_tls_min_1_0",
    oracles=[
        tls_refused(
            TlsAlert.PROTOCOL_VERSION, TlsAlert.ILLEGAL_PARAMETER, TlsAlert.HANDSHAKE_FAILURE
        ),
        client_refuses(Outcome.ALERT),
    ],
    budget_s=60,
    vary=[{"version": label} for label in _VERSIONS],
)
def answers_in_an_obsolete_version(stage: Stage) -> None:
    """A requestor does not go along with a server that speaks SSL 3.0, TLS 1.0 or TLS 1.1 only.

    Who can pose as an old archive, or cut the better offers out of the line, gets the images under
    a version that can be broken. Where the device offers the version, our server plays the whole
    handshake; where it does not, the version is chosen all the same. A retry with a lower offer,
    as clients once did for the sake of old servers, meets the same server again.

    Remedy: Set the lowest version of the TLS library to TLS 1.2, for outgoing connections too.
    """
    with Acceptor(stage, hello_only=True) as old:
        answer_in_version(old, _VERSIONS[str(stage.case["version"])])
