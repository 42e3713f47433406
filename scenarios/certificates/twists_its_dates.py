"""CRT-04: dates of a client certificate at the edges of the calendar."""

from harness.model import Claim, Role, Severity
from harness.oracles import only_should, tls_refused
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.identities import cases, names_of, soft, try_specimen

_NAMES = names_of("dates", "client")


@scenario(
    id="CRT-016",
    verifies=["HOUSE/VALIDITY-TIME", "HOUSE/WELL-FORMED-CERTIFICATE", "RFC5280/4.1.2.5"],
    threats=["T-IMPERS-02", "T-IMPERS-04"],
    weakness=["CWE-298"],
    role=Role.ACCEPTOR,
    needs={
        Claim.TLS_ACCEPTOR,
        Claim.MUTUAL_TLS,
        Claim.VERIFICATION_SCP,
        Claim.TRUST_CONTROLLED,
    },
    severity=Severity.HIGH,
    twin="TLS-900",
    control="ignores_validity",
    oracles=[only_should(tls_refused(), "flaw", soft(_NAMES))],
    budget_s=40,
    vary=cases(_NAMES),
)
def twists_its_dates(stage: Stage) -> None:
    """A client certificate is refused outside its time of validity, however that is written.

    Dates are written in two forms, with two or four digits for the year, and the years from
    1950 to 2049 share the shorter one. A device with its own reading of them may take an
    expired certificate for one of the future. The dates of the authorities on the path count as
    much as those of the leaf.

    Remedy: Leave dates to a maintained library, check those of every certificate on the path,
    and refuse what is no date.
    """
    try_specimen(stage)
