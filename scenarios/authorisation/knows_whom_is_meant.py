"""AUT-02: an association that is meant for another AE title."""

from harness.model import Claim, Role, Severity
from harness.oracles import not_served
from harness.registry import scenario
from harness.stage import Stage
from simulators.requestor import Requestor
from simulators.uninvited import is_let_in, stranger


@scenario(
    id="AUT-002",
    verifies=["HOUSE/CALLED-AE", "PS3.8/9.3.4/CALLED"],
    threats=["T-IMPERS-01"],
    weakness=["CWE-284"],
    references=["Orthanc-default-store"],
    role=Role.ACCEPTOR,
    needs={Claim.VERIFICATION_SCP, Claim.CHECKS_CALLED_AE},
    severity=Severity.LOW,
    twin="ASC-900",
    control="ignores_called_ae",
    oracles=[not_served(source=1, reason=7)],
)
def knows_whom_is_meant(stage: Stage) -> None:
    """An association that is meant for another AE title is rejected.

    A scanner that knows nothing but an address tries any title. A device that answers to all of
    them is found by the first packet, and takes in what a misconfigured modality meant for
    somebody else. A good device rejects with reason 7.

    Remedy: Compare the called AE title with the configured ones before accepting.
    """
    with Requestor(stage, called=stranger(stage)) as attacker:
        if is_let_in(attacker, lie="called"):
            attacker.echo()
