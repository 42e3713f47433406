"""CRT-12: a trusted client that calls under the AE title of another one's certificate."""

from harness.model import Claim, Role, Severity
from harness.oracles import refuses_association
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from simulators.handshakes.hearing import SPANS
from simulators.handshakes.trials import client_policy
from simulators.lab import lab_of
from simulators.requestor import ANSWER_S, Requestor


@scenario(
    id="CRT-012",
    verifies=["HOUSE/AE-BINDING"],
    threats=["T-IMPERS-01", "T-IMPERS-02"],
    weakness=["CWE-290"],
    role=Role.ACCEPTOR,
    needs={
        Claim.TLS_ACCEPTOR,
        Claim.MUTUAL_TLS,
        Claim.VERIFICATION_SCP,
        Claim.TRUST_CONTROLLED,
        Claim.BINDS_AE_TITLE,
    },
    severity=Severity.HIGH,
    twin="TLS-900",
    control="ignores_ae_binding",
    oracles=[refuses_association((1, 1, 3))],
    budget_s=40,
    vary=[{"version": span} for span in SPANS],
)
def borrows_a_bound_ae_title(stage: Stage) -> None:
    """An AE title that is bound to a certificate is served under no other certificate.

    An AE title is no secret. In a house where every device has a certificate of the same authority,
    the binding is all that keeps a hacked printer from calling as the workstation of the cath lab,
    and from being given what only that may see. The right certificate is served just before.

    Remedy: Compare the certificate of the connection with the one configured for the calling AE
    title, and reject the association when they differ.
    """
    lab = lab_of(stage)
    section = stage.profile.tls
    title = (section.bound_ae_title if section else None) or ""
    right, other = client_policy(stage, lab.bound), client_policy(stage, lab.trust.ours)
    with Requestor(stage, actor="control", secure=right, calling=title) as bound:
        bound.associate()
        stage.require(bound.echo() is Outcome.RESPONDED, "the right certificate was not served")
        bound.release()
    with Requestor(stage, secure=other, calling=title) as impostor:
        impostor.send(impostor.request(), lie="calling")
        impostor.wait_for_ending(ANSWER_S)
