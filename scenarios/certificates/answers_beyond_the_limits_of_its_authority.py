"""CRT-08 for requestors: a server certificate by somebody who may issue none."""

from harness.model import Claim, Role, Severity
from harness.oracles import client_refuses, only_should, tls_refused
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from simulators.handshakes.identities import cases, names_of, show_specimen, soft

_NAMES = names_of("constraints", "server", without=("RFC5280/4.2.1.10", "RFC5280/4.2"))


@scenario(
    id="CRT-108",
    verifies=["HOUSE/AUTHORITY-LIMITS", "RFC5280/4.2.1.9"],
    threats=["T-IMPERS-03"],
    weakness=["CWE-295"],
    references=["CVE-2002-0862"],
    role=Role.REQUESTOR,
    needs={
        Claim.TLS_REQUESTOR,
        Claim.VERIFICATION_SCU,
        Claim.TRUST_CONTROLLED,
    },
    severity=Severity.CRITICAL,
    twin="TLS-950",
    control="scu_leaf_may_issue",
    oracles=[
        only_should(tls_refused(), "flaw", soft(_NAMES)),
        only_should(client_refuses(Outcome.ALERT), "flaw", soft(_NAMES)),
    ],
    budget_s=40,
    vary=cases(_NAMES),
)
def answers_beyond_the_limits_of_its_authority(stage: Stage) -> None:
    """A requestor refuses a server certificate whose issuer may not issue it.

    With the key of any certificate of the hospital, that of a printer, an attacker signs a
    server certificate in the name of the archive. Only the basic constraints, the path length
    and the key usage of the issuer say that he may not.

    Remedy: Build and verify the path by a maintained library in its strict mode, and check
    basic constraints, path length and key usage of every issuer.
    """
    show_specimen(stage)
