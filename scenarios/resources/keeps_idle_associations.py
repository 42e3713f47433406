"""RES-04: idle associations up to the claimed limit, and one more."""

import contextlib
import itertools
import time

from harness.model import Claim, Role, Severity
from harness.oracles import frees_idle_associations, refuses_association, serves_others
from harness.registry import scenario
from harness.stage import Stage
from scenarios.resources.polite import ask_politely
from simulators.load.scene import callers
from simulators.peer import GRACE_S
from simulators.requestor import ANSWER_S, Requestor

_MOST = 62
_LONGEST_IDLE_S = 60.0
_SERVED_S = 10.0


@scenario(
    id="RES-004",
    verifies=["HOUSE/IDLE-TIMEOUT", "HOUSE/ASSOCIATION-LIMIT", "PS3.8/9.3.4/LIMIT"],
    threats=["T-AVAIL-01"],
    weakness=["CWE-770"],
    references=["fodicom-1468", "dcm4che-373", "CVE-2020-16200"],
    role=Role.ACCEPTOR,
    needs={
        Claim.ACCEPTOR,
        Claim.VERIFICATION_SCP,
        Claim.IDLE_TIMEOUT,
        Claim.ASSOCIATION_LIMIT,
    },
    severity=Severity.HIGH,
    twin="ASC-900",
    control="never_times_out_idle",
    oracles=[
        frees_idle_associations(),
        refuses_association((2, 3, 2), (2, 3, 1), actor="other"),
        serves_others(_SERVED_S),
    ],
    budget_s=120,
    alone=True,
    bystander=False,
)
def keeps_idle_associations(stage: Stage) -> None:
    """Idle associations up to the limit are freed by the idle time-out, and the next is rejected.

    An attacker who may associate needs no malformed byte: it takes every association and does
    nothing. A good device tells the next caller that this is temporary, so that images are sent
    again, and regains its service by itself when the claimed idle time-out has passed.

    Remedy: Run an idle timer on each association; reject transiently (2/3/2) beyond the limit.
    """
    acceptor = stage.profile.acceptor
    limit = (acceptor.max_associations if acceptor else None) or 0
    idle = (acceptor.idle_timeout_s if acceptor else None) or 0.0
    stage.require(0 < limit <= _MOST, "the claimed limit is more than we may use up")
    stage.require(0 < idle <= _LONGEST_IDLE_S, "the claimed idle time-out is too long to wait for")
    with contextlib.ExitStack() as stack:
        attackers = [
            stack.enter_context(Requestor(stage, calling=calling))
            for calling in itertools.islice(itertools.cycle(callers(stage)), limit)
        ]
        for attacker in attackers:
            attacker.associate()
            if attacker.connection is not None:
                attacker.connection.stimulated()
        what = f"{limit} associations on which nothing follows"
        stage.observe("emitted", what=what, bytes=0, sent=0, stimulus=True)
        deadline = time.monotonic() + idle + GRACE_S
        with Requestor(stage, actor="other") as other:
            other.send(other.request())
            other.wait_for_ending(ANSWER_S)
        for attacker in attackers:
            attacker.wait_for_ending(max(0.0, deadline - time.monotonic()))
    ask_politely(stage, _SERVED_S)
