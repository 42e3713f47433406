"""FUZ-900: the exchanges that mutants are made of, unaltered."""

from harness.model import Claim, Role, Severity
from harness.oracles import succeeds
from harness.registry import scenario
from harness.stage import Stage
from simulators.fuzz.acceptors import titles_of
from simulators.fuzz.exchanges import exchanges
from simulators.fuzz.tree import encode
from simulators.requestor import ANSWER_S, Requestor


@scenario(
    id="FUZ-900",
    verifies=["HOUSE/HONEST-SERVICE", "PS3.8/9.2"],
    threats=["T-AVAIL-02"],
    weakness=[],
    role=Role.ACCEPTOR,
    needs={Claim.ACCEPTOR, Claim.PLAIN_ACCEPTOR, Claim.VERIFICATION_SCP},
    severity=Severity.MEDIUM,
    twin=None,
    control="fails_echo",
    oracles=[succeeds()],
)
def plays_honest_exchanges(stage: Stage) -> None:
    """The honest exchanges from which mutants are made are served as they stand.

    A mutant says something about a device only if what it was made from is served: here each PDU
    of the plain and of the richly negotiated C-ECHO leaves octet for octet as fuzzing knows it.

    Remedy: Serve the Verification SOP Class; pass over negotiation items that are not supported.
    """
    for exchange in exchanges(titles_of(stage), {Claim.VERIFICATION_SCP}):
        with Requestor(stage) as peer:
            for pdu, answered in zip(exchange.pdus, exchange.answered, strict=True):
                peer.send(encode(pdu), stimulus=True, what=exchange.name)
                if answered:
                    peer.wait_for_ending(ANSWER_S)
