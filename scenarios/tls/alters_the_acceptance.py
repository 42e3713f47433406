"""TLS-23 for requestors: one bit of our A-ASSOCIATE-AC is turned over on the line."""

from harness.model import Claim, Role, Severity
from harness.oracles import client_refuses
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from simulators.acceptor import Acceptor
from simulators.handshakes.hearing import SPANS
from simulators.handshakes.tampering import alter_acceptance


@scenario(
    id="TLS-123",
    verifies=["RFC8446/5.2/MAC", "HOUSE/WHOLE-OR-NOTHING"],
    threats=["T-CONF-01", "T-IMPERS-03"],
    weakness=["CWE-354"],
    role=Role.REQUESTOR,
    needs={Claim.TLS_REQUESTOR, Claim.VERIFICATION_SCU, Claim.TRUST_CONTROLLED},
    severity=Severity.CRITICAL,
    twin="TLS-950",
    control="scu_ignores_broken_records",
    oracles=[client_refuses(Outcome.ALERT)],
    budget_s=40,
    vary=[{"version": span} for span in SPANS],
)
def alters_the_acceptance(stage: Stage) -> None:
    """A requestor ends the connection on a record that was altered on the line, and reports it.

    Whoever sits on the line of a modality could otherwise turn answers over bit by bit. The bit
    that is altered here stands in a reserved field of the A-ASSOCIATE-AC: a device that does not
    check the records goes on to its request as if nothing were wrong.

    Remedy: Use a maintained TLS library, and treat every error that it reports as a failed call.
    """
    with Acceptor(stage, hello_only=True) as hostile:
        alter_acceptance(hostile)
