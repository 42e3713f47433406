"""TLS-13: a session ticket with one bit turned over, and what tickets promise."""

from harness.model import Claim, Role, Severity
from harness.oracles import limits_tickets, resumes_nothing, resumes_with_fresh_keys
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.hearing import SPANS
from simulators.handshakes.resuming import ALTERED, alter_ticket


@scenario(
    id="TLS-013",
    verifies=[
        "RFC9325/3.4/TICKETS",
        "RFC9325/3.4/LIFETIME",
        "RFC9325/3.4/PSK-DHE",
        "RFC8446/4.6.1",
    ],
    threats=["T-IMPERS-01", "T-CONF-01"],
    weakness=["CWE-347"],
    role=Role.ACCEPTOR,
    needs={Claim.TLS_ACCEPTOR, Claim.VERIFICATION_SCP, Claim.TRUST_CONTROLLED},
    severity=Severity.HIGH,
    twin="TLS-900",
    control="accepts_any_ticket",
    oracles=[resumes_nothing(ALTERED), limits_tickets(), resumes_with_fresh_keys()],
    budget_s=40,
    vary=[{"version": span} for span in SPANS],
)
def alters_its_ticket(stage: Stage) -> None:
    """A session ticket that was altered resumes nothing, and no ticket lives for ever.

    A ticket is the device's own memory in the client's hands: it names the identity that was
    checked once. If the device does not seal it, a client writes itself another identity. Here one
    bit is turned over; a good device does a full handshake, or none. A ticket that lives longer
    than a week, or resumes without a key exchange of its own, weakens what TLS 1.3 promises.

    Remedy: Leave tickets to a maintained TLS library, with keys that change daily.
    """
    alter_ticket(stage)
