"""CRT-08: a client certificate by somebody who may issue none."""

from harness.model import Claim, Role, Severity
from harness.oracles import only_should, tls_refused
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.identities import cases, names_of, soft, try_specimen

_NAMES = names_of("constraints", "client", without=("RFC5280/4.2.1.10", "RFC5280/4.2"))


@scenario(
    id="CRT-008",
    verifies=["HOUSE/AUTHORITY-LIMITS", "RFC5280/4.2.1.9"],
    threats=["T-IMPERS-02"],
    weakness=["CWE-295"],
    references=["CVE-2002-0862"],
    role=Role.ACCEPTOR,
    needs={
        Claim.TLS_ACCEPTOR,
        Claim.MUTUAL_TLS,
        Claim.VERIFICATION_SCP,
        Claim.TRUST_CONTROLLED,
    },
    severity=Severity.CRITICAL,
    twin="TLS-900",
    control="leaf_may_issue",
    oracles=[only_should(tls_refused(), "flaw", soft(_NAMES))],
    budget_s=40,
    vary=cases(_NAMES),
)
def exceeds_the_limits_of_its_authority(stage: Stage) -> None:
    """A client certificate is refused whose issuer may not issue it.

    Whoever has any certificate of the hospital, that of a printer, can sign another one with
    its key, in any name. Only the basic constraints, the path length and the key usage of the
    issuer say that he may not. Browsers and mail programs have overlooked it more than once.

    Remedy: Build and verify the path by a maintained library in its strict mode, and check
    basic constraints, path length and key usage of every issuer.
    """
    try_specimen(stage)
