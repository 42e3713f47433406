"""TLS-23: one bit of a protected record is turned over on the line."""

from harness.model import Claim, Role, Severity
from harness.oracles import ends_on_broken_record
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.hearing import SPANS
from simulators.handshakes.tampering import alter_request


@scenario(
    id="TLS-023",
    verifies=["RFC8446/5.2/MAC", "HOUSE/WHOLE-OR-NOTHING"],
    threats=["T-CONF-01", "T-IMPERS-01"],
    weakness=["CWE-354"],
    role=Role.ACCEPTOR,
    needs={Claim.TLS_ACCEPTOR, Claim.VERIFICATION_SCP, Claim.TRUST_CONTROLLED},
    severity=Severity.CRITICAL,
    twin="TLS-900",
    control="ignores_broken_records",
    oracles=[ends_on_broken_record()],
    budget_s=40,
    vary=[{"version": span} for span in SPANS],
)
def alters_a_protected_record(stage: Stage) -> None:
    """A record that was altered on the line ends the connection, and nothing of it is used.

    Encryption alone does not protect: in most suites a bit that is turned over on the line turns
    over the same bit of the DICOM message. A good device notices by the tag of the record, says
    bad_record_mac and ends. The bit that is altered here stands in a reserved field of the
    A-ASSOCIATE-RQ, so that a device that does not check accepts the association.

    Remedy: Use a maintained TLS library, end on every error that it reports, and answer nothing.
    """
    alter_request(stage)
