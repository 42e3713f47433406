"""TLS-21: the connection is cut in the middle of a C-STORE."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import no_effect, not_confirmed
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.cutting import WAYS, cut_store


@scenario(
    id="TLS-021",
    verifies=["HOUSE/WHOLE-OR-NOTHING", "RFC8446/6.1"],
    threats=["T-INTEG-07"],
    weakness=["CWE-353"],
    role=Role.ACCEPTOR,
    needs={
        Claim.TLS_ACCEPTOR,
        Claim.VERIFICATION_SCP,
        Claim.STORAGE_SCP,
        Claim.QUERY_SCP,
        Claim.TRUST_CONTROLLED,
    },
    severity=Severity.HIGH,
    safety=Safety.STORES_OBJECTS,
    twin="TLS-900",
    control="stores_truncated",
    oracles=[not_confirmed(), no_effect()],
    budget_s=60,
    vary=[{"cut": way} for way in WAYS],
)
def cuts_a_store(stage: Stage) -> None:
    """An object whose transfer was cut is not kept, and not confirmed.

    Whoever sits on the line cannot alter what TLS protects, but can end it: a FIN or RST carries
    no proof of who sent it. A device that takes the end of the connection for the end of the
    object files an image without its pixels, or without the finding, as if it were whole.

    Remedy: Store only what arrived to its last fragment; discard the rest when the connection ends.
    """
    cut_store(stage, str(stage.case["cut"]))
