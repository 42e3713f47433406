"""TLS-28: whether ephemeral keys and record nonces are used once only."""

from harness.model import Claim, Role, Severity
from harness.oracles import makes_fresh_keys
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.hearing import SPANS
from simulators.handshakes.repeating import KEYS, NONCES, collect_ephemeral_keys, collect_nonces


@scenario(
    id="TLS-028",
    verifies=["HOUSE/FRESH-KEYS", "RFC9325/7.4", "RFC9325/7.2.1"],
    threats=["T-CONF-01"],
    weakness=["CWE-323"],
    references=["CVE-2016-0701"],
    role=Role.ACCEPTOR,
    needs={Claim.TLS_ACCEPTOR, Claim.VERIFICATION_SCP, Claim.TRUST_CONTROLLED},
    severity=Severity.MEDIUM,
    twin="TLS-900",
    control="reuses_ephemeral_key",
    oracles=[makes_fresh_keys()],
    budget_s=40,
    vary=[
        *({"version": span, "of": KEYS} for span in SPANS),
        {"version": SPANS[0], "of": NONCES},
    ],
)
def repeats_its_hello(stage: Stage) -> None:
    """Every handshake has an ephemeral key of its own, and every record a nonce of its own.

    Forward secrecy means that nobody can read tomorrow what was recorded today. A device that
    keeps one "ephemeral" key, for speed or for want of randomness, loses every recorded image
    with that key, and helps those who guess keys by many small questions. Four clients of the
    same kind come one after the other, and each has to meet another public value. A nonce of
    AES-GCM that comes twice under one key even gives away how records are authenticated.

    Remedy: Make a new key for each handshake, and count the nonces up.
    """
    if stage.case["of"] == NONCES:
        collect_nonces(stage)
    else:
        collect_ephemeral_keys(stage)
