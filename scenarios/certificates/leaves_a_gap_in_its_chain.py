"""CRT-09: a client certificate without a whole chain to the trusted authority."""

from harness.model import Claim, Role, Severity
from harness.oracles import only_should, tls_refused
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.identities import cases, names_of, soft, try_specimen

_NAMES = names_of("chain", "client")


@scenario(
    id="CRT-009",
    verifies=["HOUSE/TRUSTED-PATH", "RFC5280/6"],
    threats=["T-IMPERS-02"],
    weakness=["CWE-295", "CWE-674"],
    role=Role.ACCEPTOR,
    needs={
        Claim.TLS_ACCEPTOR,
        Claim.MUTUAL_TLS,
        Claim.VERIFICATION_SCP,
        Claim.TRUST_CONTROLLED,
    },
    severity=Severity.CRITICAL,
    twin="TLS-900",
    control="accepts_incomplete_chain",
    oracles=[only_should(tls_refused(), "flaw", soft(_NAMES))],
    budget_s=40,
    vary=cases(_NAMES),
)
def leaves_a_gap_in_its_chain(stage: Stage) -> None:
    """A client certificate is refused without a whole chain to a trusted authority.

    What links an unknown certificate to the trusted authority is each single signature between
    them. A device that is satisfied with a part of the chain trusts whoever stands at its open
    end. Chains that run in a circle have brought verifiers down: the refusal has to come in
    bounded time.

    Remedy: Demand a complete path up to a configured trust anchor, of limited length, and do
    not fetch what is missing.
    """
    try_specimen(stage)
