"""RES-008: one AE title holds as many associations as it may, and asks for more."""

import contextlib

from harness.model import Claim, Role, Severity
from harness.oracles import refuses_association, serves_others
from harness.registry import scenario
from harness.stage import Stage
from scenarios.resources.polite import ask_politely
from simulators.load.scene import callers
from simulators.requestor import ANSWER_S, Requestor

_MOST = 62
_SERVED_S = 2.0


@scenario(
    id="RES-008",
    verifies=["HOUSE/AE-ASSOCIATION-LIMIT", "HOUSE/SERVES-OTHERS"],
    threats=["T-AVAIL-10"],
    weakness=["CWE-770"],
    references=["dcm4che-373"],
    role=Role.ACCEPTOR,
    needs={
        Claim.ACCEPTOR,
        Claim.VERIFICATION_SCP,
        Claim.CONCURRENT_ASSOCIATIONS,
        Claim.AE_ASSOCIATION_LIMIT,
    },
    severity=Severity.MEDIUM,
    twin="ASC-900",
    control="no_limit_per_ae",
    oracles=[
        refuses_association((2, 3, 2), (2, 3, 1), actor="other"),
        serves_others(_SERVED_S),
    ],
    budget_s=60,
    alone=True,
    bystander=False,
)
def takes_all_associations_of_one_ae(stage: Stage) -> None:
    """One AE title cannot hold more associations than its limit, and others are served meanwhile.

    A limit on all associations protects the device, and nobody else: the first who takes them all
    has stopped the hospital. One AE takes as many as the device grants it and asks for one more;
    another AE must be served while they are held.

    Remedy: Count associations by calling AE title as well, and reject transiently (2/3/2).
    """
    limit = (stage.profile.load.ae_associations if stage.profile.load else None) or 0
    stage.require(0 < limit <= _MOST, "the claimed limit is more than we may use up")
    titles = callers(stage)
    stage.require(len(titles) > 1, "this needs a second calling AE title that it admits")
    greedy = titles[1]
    with contextlib.ExitStack() as stack:
        attackers = [stack.enter_context(Requestor(stage, calling=greedy)) for _ in range(limit)]
        for attacker in attackers:
            attacker.associate()
            if attacker.connection is not None:
                attacker.connection.stimulated()
        what = f"{limit} associations of {greedy}"
        stage.observe("emitted", what=what, bytes=0, sent=0, stimulus=True)
        with Requestor(stage, actor="other", calling=greedy) as other:
            other.send(other.request())
            other.wait_for_ending(ANSWER_S)
        ask_politely(stage, _SERVED_S)
