"""TLS-14: what a device sends on behalf of a C-MOVE."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import uses_tls_for_suboperations
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.moving import ACCEPTS, REFUSES, retrieve_to_us


@scenario(
    id="TLS-014",
    verifies=["HOUSE/SECURE-SUBOPERATIONS", "HOUSE/NO-PLAIN-FALLBACK"],
    threats=["T-CONF-01", "T-CONF-02"],
    weakness=["CWE-319"],
    role=Role.ACCEPTOR,
    needs={
        Claim.TLS_ACCEPTOR,
        Claim.STORAGE_SCP,
        Claim.RETRIEVE_SCP,
        Claim.MOVES_WITH_TLS,
        Claim.VERIFICATION_SCP,
        Claim.TRUST_CONTROLLED,
    },
    severity=Severity.HIGH,
    safety=Safety.STORES_OBJECTS,
    twin="TLS-900",
    control="moves_in_clear",
    oracles=[uses_tls_for_suboperations()],
    budget_s=60,
    alone=True,
    bystander=False,
    vary=[{"destination": manner} for manner in (ACCEPTS, REFUSES)],
)
def retrieves_to_a_tls_destination(stage: Stage) -> None:
    """Objects of a C-MOVE travel over TLS where the destination is set up for it.

    A C-MOVE makes the device a client: it opens an association of its own to the destination.
    Products that were given TLS for what they receive often send in clear, and some try again in
    clear when the destination refuses TLS, which anybody on the line can make it seem to do.

    Remedy: Configure TLS by destination, and let a failed handshake fail the sub-operation.
    """
    retrieve_to_us(stage, str(stage.case["destination"]))
