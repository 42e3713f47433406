"""CRT-09 for requestors: a server certificate without a whole chain to the trusted authority."""

from harness.model import Claim, Role, Severity
from harness.oracles import client_refuses, only_should, tls_refused
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from simulators.handshakes.identities import cases, names_of, show_specimen, soft

_NAMES = names_of("chain", "server")


@scenario(
    id="CRT-109",
    verifies=["HOUSE/TRUSTED-PATH", "RFC5280/6"],
    threats=["T-IMPERS-03"],
    weakness=["CWE-295", "CWE-674"],
    role=Role.REQUESTOR,
    needs={
        Claim.TLS_REQUESTOR,
        Claim.VERIFICATION_SCU,
        Claim.TRUST_CONTROLLED,
    },
    severity=Severity.CRITICAL,
    twin="TLS-950",
    control="scu_accepts_incomplete_chain",
    oracles=[
        only_should(tls_refused(), "flaw", soft(_NAMES)),
        only_should(client_refuses(Outcome.ALERT), "flaw", soft(_NAMES)),
    ],
    budget_s=40,
    vary=cases(_NAMES),
)
def answers_with_a_gap_in_its_chain(stage: Stage) -> None:
    """A requestor refuses a server without a whole chain to a trusted authority.

    A device that is satisfied with a part of the chain trusts whoever stands at its open end,
    and sends him the images. Chains that run in a circle have brought verifiers down: the
    refusal has to come in bounded time.

    Remedy: Demand a complete path up to a configured trust anchor, of limited length, and do
    not fetch what is missing.
    """
    show_specimen(stage)
