"""ASC-15: a request on a presentation context that was not negotiated."""

from harness.model import Claim, Role, Severity
from harness.oracles import refuses
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from simulators import wire
from simulators.requestor import VERIFICATION, Requestor
from simulators.wire import uids

_REFUSED = 3
_NEVER_PROPOSED = 5


@scenario(
    id="ASC-015",
    verifies=["HOUSE/CONTEXT-CHECK", "PS3.8/9.3.5.1", "PS3.8/9.2/AA-8"],
    threats=["T-INTEG-04"],
    weakness=["CWE-863"],
    role=Role.ACCEPTOR,
    needs={Claim.ACCEPTOR, Claim.VERIFICATION_SCP},
    severity=Severity.HIGH,
    twin="ASC-900",
    control="answers_unaccepted_context",
    oracles=[refuses(Outcome.ABORTED)],
    vary=[{"context": _REFUSED}, {"context": _NEVER_PROPOSED}],
)
def asks_on_an_unaccepted_context(stage: Stage) -> None:
    """A message on a presentation context that was not accepted is aborted.

    Negotiation is where a device says no to a service. If a request is then served on a context
    that was refused or never proposed, that no is worth nothing, and data are read by the rules of
    a transfer syntax that nobody agreed on. Context 3 proposes an unknown service, 5 nothing.

    Remedy: Look the context up in the table of accepted ones before reading the fragment.
    """
    unknown = wire.Context(_REFUSED, f"2.25.{stage.token}", (uids.IMPLICIT_LE,))
    with Requestor(stage) as attacker:
        attacker.associate((VERIFICATION, unknown))
        number = int(str(stage.case["context"]))
        stage.require(number not in attacker.contexts, "the device accepted an unknown service")
        attacker.invoke(wire.c_echo_rq(), context_id=number, lie="pdvs[0].context_id")
        attacker.wait_for_ending()
