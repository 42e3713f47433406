"""One bit of a C-STORE request is flipped on the line."""

from harness.model import Role, Severity
from harness.registry import scenario
from harness.stage import Stage
from scenarios.middle.lines import BOTH_NOTICE, PAIR, alter
from simulators.relay import Relay, flip_in_the_object


@scenario(
    id="MIM-003",
    verifies=["HOUSE/WHOLE-OR-NOTHING", "RFC8446/5.2/MAC"],
    threats=["T-INTEG-01", "T-INTEG-07"],
    weakness=["CWE-353", "CWE-354"],
    role=Role.REQUESTOR,
    needs=PAIR,
    severity=Severity.CRITICAL,
    twin="MIM-900",
    control="ignores_broken_records",
    oracles=[*BOTH_NOTICE],
    budget_s=60,
)
def alters_the_object(stage: Stage) -> None:
    """An acceptor ends the connection when one bit of an image was changed on the line.

    Encryption alone does not protect an image: with some ciphers a flipped bit of the record is
    a flipped bit of a pixel. The record's tag tells, so the acceptor must keep nothing of it, and
    must not leave the requestor waiting for an answer; the requestor must report failure.

    Remedy: Leave record protection to the TLS library, and end the connection on its error.
    """
    alter(stage, Relay(stage, deviation=flip_in_the_object()))
