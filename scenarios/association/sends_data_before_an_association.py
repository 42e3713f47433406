"""ASC-11: P-DATA comes first."""

from harness.model import Claim, Role, Severity
from harness.oracles import refuses
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from simulators import wire
from simulators.requestor import Requestor


@scenario(
    id="ASC-011",
    verifies=["PS3.8/9.2/AA-1", "HOUSE/CONTEXT-CHECK", "HOUSE/NO-EFFECT"],
    threats=["T-INTEG-04", "T-IMPERS-01"],
    weakness=["CWE-696", "CWE-306"],
    role=Role.ACCEPTOR,
    needs={Claim.ACCEPTOR, Claim.VERIFICATION_SCP},
    severity=Severity.HIGH,
    twin="ASC-900",
    control="processes_early_pdata",
    oracles=[refuses(Outcome.ABORTED)],
)
def sends_data_before_an_association(stage: Stage) -> None:
    """A DIMSE message that comes before any association is aborted and not served.

    All access control of DICOM hangs on the association: AE titles, identities, presentation
    contexts. A device that serves a C-ECHO without one would also serve a C-STORE from nobody.

    Remedy: Let PDUs reach the DIMSE layer in Sta6 only; answer P-DATA in Sta2 by A-ABORT.
    """
    with Requestor(stage) as attacker:
        for pdu in wire.p_data(1, wire.c_echo_rq()):
            attacker.send(pdu, stimulus=True)
        attacker.wait_for_ending()
