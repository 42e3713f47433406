"""TLS-11 for requestors: a heartbeat request whose length lies."""

from harness.model import Claim, Role, Severity
from harness.oracles import client_ends, never, outcome_in
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import FailKind, Outcome
from simulators.handshakes.answers import meet_with_heartbeat


@scenario(
    id="TLS-116",
    verifies=["RFC6520/4", "HOUSE/NO-READ-PAST-LENGTH"],
    threats=["T-CONF-01", "T-INTEG-05"],
    weakness=["CWE-125"],
    references=["CVE-2014-0160"],
    role=Role.REQUESTOR,
    needs={Claim.TLS_REQUESTOR, Claim.VERIFICATION_SCU, Claim.TRUST_CONTROLLED},
    severity=Severity.CRITICAL,
    twin="TLS-950",
    control="scu_answers_heartbeat",
    oracles=[
        never(Outcome.RESPONDED, FailKind.LEAK, "answered with octets that nobody sent"),
        outcome_in(
            {Outcome.ALERT, Outcome.CLOSED, Outcome.RESET, Outcome.ACCEPTED, Outcome.RESPONDED},
            {Outcome.ALERT, Outcome.ACCEPTED},
        ),
        client_ends(),
    ],
    budget_s=30,
)
def asks_for_a_heartbeat(stage: Stage) -> None:
    """A requestor does not answer a heartbeat request that claims more octets than it has.

    One octet is sent and sixteen are claimed. A client with the old defect of the heartbeat
    extension answers with what lies behind that octet in its memory: keys, names, images. A sound
    one ends the connection, or discards the request and goes on.

    Remedy: Update the TLS library, and build it without the heartbeat extension.
    """
    meet_with_heartbeat(stage, claimed=16, payload=b"a")
