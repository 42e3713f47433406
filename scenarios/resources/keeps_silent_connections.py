"""RES-01: connections on which nothing is ever sent."""

import contextlib
import time

from harness.model import Claim, Role, Severity
from harness.oracles import REFUSALS, ends, serves_others
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from scenarios.resources.polite import served_meanwhile
from simulators.peer import GRACE_S
from simulators.requestor import Requestor

_MOST = 64
_FEWEST = 20
_SERVED_S = 10.0


@scenario(
    id="RES-001",
    verifies=["PS3.8/9.1.5", "PS3.8/9.2/AA-2", "HOUSE/SERVES-OTHERS"],
    threats=["T-AVAIL-01"],
    weakness=["CWE-400", "CWE-772"],
    references=["DCMTK-single-block", "fodicom-1594"],
    role=Role.ACCEPTOR,
    needs={Claim.ACCEPTOR, Claim.VERIFICATION_SCP},
    severity=Severity.HIGH,
    twin="ASC-900",
    control="no_artim",
    oracles=[serves_others(_SERVED_S), ends({Outcome.CLOSED, Outcome.RESET}, REFUSALS)],
    budget_s=60,
    alone=True,
    bystander=False,
)
def keeps_silent_connections(stage: Stage) -> None:
    """Silent connections are closed when ARTIM expires, and do not keep others from being served.

    A connection costs an attacker nothing. A good device serves others while twenty of them, or
    twice as many as it has associations, send no byte, or it tells others to come back; and it is
    rid of the silent ones when its timer expires. A device that reads one connection after the
    other serves nobody for as long as the attacker likes.

    Remedy: Accept connections independently of each other, and run ARTIM on each from the start.
    """
    acceptor = stage.profile.acceptor
    claimed = acceptor.max_associations if acceptor else None
    with contextlib.ExitStack() as stack:
        silent = [
            stack.enter_context(Requestor(stage))
            for _ in range(min(max(2 * (claimed or 0), _FEWEST), _MOST))
        ]
        held = [one.connection for one in silent if one.connection is not None]
        stage.require(held, "no connection could be opened")
        for connection in held:
            connection.stimulated()
        what = f"{len(held)} connections without a byte"
        stage.observe("emitted", what=what, bytes=0, sent=0, stimulus=True)
        deadline = time.monotonic() + stage.artim_s + GRACE_S
        with served_meanwhile(stage):
            for one in silent:
                if one.connection is not None:
                    one.wait_for_ending(max(0.0, deadline - time.monotonic()))
