"""TLS-32: a post-quantum group beside the classic ones."""

from harness.model import Claim, Role, Severity
from harness.oracles import serves_the_new_group
from harness.registry import scenario
from harness.stage import Stage
from simulators.handshakes.repeating import offer_post_quantum


@scenario(
    id="TLS-032",
    verifies=["HOUSE/TOLERATES-THE-NEW"],
    threats=["T-AVAIL-01"],
    weakness=["CWE-20"],
    role=Role.ACCEPTOR,
    needs={Claim.TLS_ACCEPTOR, Claim.VERIFICATION_SCP, Claim.TRUST_CONTROLLED},
    severity=Severity.LOW,
    twin="TLS-900",
    control="refuses_pqc_offer",
    oracles=[serves_the_new_group()],
    budget_s=40,
)
def offers_post_quantum_groups(stage: Stage) -> None:
    """A client that offers a post-quantum group beside classic ones is served.

    New TLS libraries offer X25519MLKEM768 by themselves, and their ClientHello no longer fits
    into one packet. Devices that read it in one piece, or dislike the unknown group, fail with
    the next update of their peers. Which group the device chooses is told and never a failure:
    recorded images outlive classic key exchanges, but no DICOM profile asks for more yet.

    Remedy: Read the whole ClientHello, however long, and ignore groups that you do not know.
    """
    offer_post_quantum(stage)
