"""RES-05: as many associations as claimed end abnormally."""

import contextlib
import itertools

from harness.model import Claim, Role, Severity
from harness.oracles import serves_the_claimed_number
from harness.registry import scenario
from harness.stage import Stage
from scenarios.resources.polite import use_all
from simulators.load.scene import callers
from simulators.requestor import Requestor

_MOST = 31
_REGAINED_S = 5.0


@scenario(
    id="RES-005",
    verifies=["HOUSE/RECOVERS", "HOUSE/ASSOCIATION-LIMIT", "PS3.8/9.2/AA-4"],
    threats=["T-AVAIL-01"],
    weakness=["CWE-772"],
    references=["fodicom-1468"],
    role=Role.ACCEPTOR,
    needs={Claim.ACCEPTOR, Claim.VERIFICATION_SCP, Claim.ASSOCIATION_LIMIT},
    severity=Severity.HIGH,
    twin="ASC-900",
    control="leaks_slot_on_reset",
    oracles=[serves_the_claimed_number()],
    budget_s=60,
    alone=True,
    bystander=False,
    vary=[{"ending": "reset"}, {"ending": "half-close"}],
)
def ends_associations_abruptly(stage: Stage) -> None:
    """After abnormal endings of all its associations a device regains its full capacity.

    Cables are pulled, stations crash, and attackers send RST: each association that ends without
    a release must give its place back. Where it does not, the device dies of its own limit, one
    lost connection after the other, and only a restart helps.

    Remedy: Free the association on every path on which its connection ends (AA-4).
    """
    acceptor = stage.profile.acceptor
    limit = (acceptor.max_associations if acceptor else None) or 0
    stage.require(0 < limit <= _MOST, "the claimed limit is more than we may use up")
    ending = str(stage.case["ending"])
    with contextlib.ExitStack() as stack:
        attackers = [
            stack.enter_context(Requestor(stage, calling=calling))
            for calling in itertools.islice(itertools.cycle(callers(stage)), limit)
        ]
        for attacker in attackers:
            attacker.associate()
        for attacker in attackers:
            if attacker.connection is None:
                continue
            if ending == "reset":
                attacker.connection.close(reset=True)
            else:
                attacker.connection.half_close()
            attacker.connection.stimulated()
        what = f"{limit} associations ended by {ending}"
        stage.observe("emitted", what=what, bytes=0, sent=0, stimulus=True)
        use_all(stage, stack, limit, stage.artim_s + _REGAINED_S)
