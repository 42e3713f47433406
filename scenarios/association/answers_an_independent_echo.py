"""A twin by an implementation that shares no line with ours."""

from harness.model import Claim, Role, Severity
from harness.oracles import succeeds
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from simulators.honest import independent_echo
from simulators.lab import lab_of
from simulators.requestor import ANSWER_S

_NOT_REACHED = "association not established"


@scenario(
    id="ASC-901",
    verifies=["HOUSE/HONEST-SERVICE", "PS3.4/A.4"],
    threats=["T-AVAIL-01"],
    weakness=[],
    role=Role.ACCEPTOR,
    needs={Claim.VERIFICATION_SCP},
    severity=Severity.MEDIUM,
    twin=None,
    control="fails_echo",
    oracles=[succeeds()],
    budget_s=15,
)
def answers_an_independent_echo(stage: Stage) -> None:
    """A C-ECHO by an independent implementation is answered with success.

    Our own codec could make the same mistake on both sides and never notice. pynetdicom shares
    nothing with it: if it is served, the device speaks DICOM and not merely our dialect.

    Remedy: Accept the Verification SOP Class from peers that the configuration permits.
    """
    lab = lab_of(stage)
    host, port = lab.address(secure=not lab.plain)
    lab.guard.permit(host)
    lab.guard.opening()
    try:
        served, seen = independent_echo(
            (host, port),
            called=lab.called,
            calling=lab.calling,
            policy=None if lab.plain else lab.trust.client,
            timeout_s=ANSWER_S,
        )
    finally:
        lab.guard.closed()
    # Its bytes do not pass through us: that the device answered is all the proof there is.
    reached = seen != _NOT_REACHED
    stage.observe("emitted", what="C-ECHO by pynetdicom", stimulus=reached, detail=seen)
    if reached:
        stage.stimulated.set()
    status = 0 if served else None
    outcome = Outcome.RESPONDED if "status" in seen else Outcome.REJECTED
    stage.observe("outcome", outcome=outcome.value, status=status, detail=seen)
