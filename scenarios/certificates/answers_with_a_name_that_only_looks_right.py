"""CRT-06: names that match the host only for a careless reader."""

from harness.model import Claim, Role, Severity
from harness.oracles import client_refuses, only_should, tls_refused
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from simulators.handshakes.identities import cases, names_of, show_specimen, soft

_NAMES = names_of("names", "server", needs=("host-name",))


@scenario(
    id="CRT-106",
    verifies=["HOUSE/SERVER-IDENTITY", "RFC9525/6"],
    threats=["T-IMPERS-03"],
    weakness=["CWE-297"],
    references=["CVE-2009-2408", "DCMTK-TLS-HOSTNAME"],
    role=Role.REQUESTOR,
    needs={
        Claim.TLS_REQUESTOR,
        Claim.VERIFICATION_SCU,
        Claim.TRUST_CONTROLLED,
        Claim.CHECKS_HOST_NAME,
    },
    severity=Severity.HIGH,
    twin="TLS-950",
    control="scu_loose_wildcards",
    oracles=[
        only_should(tls_refused(), "flaw", soft(_NAMES)),
        only_should(client_refuses(Outcome.ALERT), "flaw", soft(_NAMES)),
    ],
    budget_s=40,
    vary=cases(_NAMES),
)
def answers_with_a_name_that_only_looks_right(stage: Stage) -> None:
    """A requestor refuses a server whose names match the host only for a careless reader.

    An authority may well give out a name that contains the archive's, a wildcard, or a name
    with a zero octet in it; a careless reader takes each for the archive. The common name and
    names of the wrong type must not count at all.

    Remedy: Match the configured name or address with the alternative names of its own type
    only, and wildcards as one whole left-most label only.
    """
    show_specimen(stage)
