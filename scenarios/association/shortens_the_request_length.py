"""ASC-04, first half: the PDU length ends before the items do."""

from dataclasses import replace

from harness.model import Claim, Role, Severity
from harness.oracles import refuses
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from simulators import wire
from simulators.requestor import Requestor


@scenario(
    id="ASC-004",
    verifies=["PS3.8/9.3.1", "PS3.8/9.3.2", "HOUSE/NO-READ-PAST-LENGTH"],
    threats=["T-AVAIL-02", "T-CONF-05"],
    weakness=["CWE-130", "CWE-125"],
    references=["DCMTK-847", "CVE-2015-8979"],
    role=Role.ACCEPTOR,
    needs={Claim.ACCEPTOR, Claim.VERIFICATION_SCP},
    severity=Severity.HIGH,
    twin="ASC-900",
    control="ignores_pdu_length_mismatch",
    oracles=[refuses(Outcome.ABORTED, Outcome.REJECTED)],
    vary=[{"short_by": count} for count in (1, 64)],
)
def shortens_the_request_length(stage: Stage) -> None:
    """An association request whose length cuts its last item is refused.

    The items are honest, but the PDU says that it ends earlier. A device that follows the items
    reads past the PDU: into the next one at best, into its own memory at worst.

    Remedy: Check the length of every item against what is left of the PDU before reading it.
    """
    with Requestor(stage) as attacker:
        request = attacker.request()
        honest = len(wire.encode(request)) - 6
        attacker.send(replace(request, length=honest - int(str(stage.case["short_by"]))))
        attacker.wait_for_ending()
