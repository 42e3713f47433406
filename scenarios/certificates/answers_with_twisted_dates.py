"""CRT-04 for requestors: dates of a server certificate at the edges of the calendar."""

from harness.model import Claim, Role, Severity
from harness.oracles import client_refuses, only_should, tls_refused
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from simulators.handshakes.identities import cases, names_of, show_specimen, soft

_NAMES = names_of("dates", "server")


@scenario(
    id="CRT-116",
    verifies=["HOUSE/VALIDITY-TIME", "HOUSE/WELL-FORMED-CERTIFICATE", "RFC5280/4.1.2.5"],
    threats=["T-IMPERS-03", "T-IMPERS-04"],
    weakness=["CWE-298"],
    role=Role.REQUESTOR,
    needs={
        Claim.TLS_REQUESTOR,
        Claim.VERIFICATION_SCU,
        Claim.TRUST_CONTROLLED,
    },
    severity=Severity.HIGH,
    twin="TLS-950",
    control="scu_ignores_validity",
    oracles=[
        only_should(tls_refused(), "flaw", soft(_NAMES)),
        only_should(client_refuses(Outcome.ALERT), "flaw", soft(_NAMES)),
    ],
    budget_s=40,
    vary=cases(_NAMES),
)
def answers_with_twisted_dates(stage: Stage) -> None:
    """A requestor refuses a server outside its time of validity, however that is written.

    Dates are written in two forms, with two or four digits for the year, and the years from
    1950 to 2049 share the shorter one. A device with its own reading of them may take an
    expired certificate for one of the future. The dates of the authorities on the path count as
    much as those of the leaf.

    Remedy: Leave dates to a maintained library, check those of every certificate on the path,
    and refuse what is no date.
    """
    show_specimen(stage)
