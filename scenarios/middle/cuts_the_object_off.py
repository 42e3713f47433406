"""The stream ends inside a C-STORE request, without a word in TLS."""

from harness.model import Role, Severity
from harness.registry import scenario
from harness.stage import Stage
from scenarios.middle.lines import BOTH_NOTICE, PAIR, alter
from simulators.relay import Relay, cut_inside_the_object

_BETWEEN = "between two records"


@scenario(
    id="MIM-005",
    verifies=["HOUSE/WHOLE-OR-NOTHING", "RFC8446/6.1"],
    threats=["T-INTEG-01", "T-INTEG-07"],
    weakness=["CWE-345", "CWE-460"],
    role=Role.REQUESTOR,
    needs=PAIR,
    severity=Severity.HIGH,
    twin="MIM-900",
    control="stores_truncated",
    oracles=[*BOTH_NOTICE],
    budget_s=60,
    vary=[{"where": _BETWEEN}, {"where": "inside a record"}],
)
def cuts_the_object_off(stage: Stage) -> None:
    """An acceptor keeps nothing of an image whose transfer was cut off on the line.

    A FIN needs no key: whoever sits on the line can end the stream where he likes, and only the
    missing close_notify and the missing last fragment tell. Half an image looks like an image to
    whoever reads it later. The requestor must not take the end for success either.

    Remedy: Store an object only after its last fragment, and read the end of the stream as loss.
    """
    between = stage.case["where"] == _BETWEEN
    alter(stage, Relay(stage, deviation=cut_inside_the_object(between_records=between)))
