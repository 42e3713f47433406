"""TLS-12 for requestors: an application protocol that was not offered."""

from harness.model import Claim, Role, Severity
from harness.oracles import TlsAlert, client_refuses, tls_refused
from harness.registry import scenario
from harness.stage import Stage
from harness.verdict import Outcome
from simulators.handshakes.answers import try_offer
from simulators.tls import ServerOffer


@scenario(
    id="TLS-118",
    verifies=["RFC9325/3.8/CLIENT", "HOUSE/NO-GOING-ALONG"],
    threats=["T-IMPERS-03", "T-INTEG-05"],
    weakness=["CWE-436"],
    references=["CVE-2021-3618"],
    role=Role.REQUESTOR,
    needs={Claim.TLS_REQUESTOR, Claim.VERIFICATION_SCU, Claim.TRUST_CONTROLLED},
    severity=Severity.LOW,
    twin="TLS-950",
    control="scu_ignores_foreign_protocol",
    oracles=[
        tls_refused(
            TlsAlert.ILLEGAL_PARAMETER,
            TlsAlert.UNSUPPORTED_EXTENSION,
            TlsAlert.NO_APPLICATION_PROTOCOL,
        ),
        client_refuses(Outcome.ALERT),
    ],
    budget_s=30,
)
def selects_a_foreign_protocol(stage: Stage) -> None:
    """A requestor ends the handshake when the server selects a protocol that it did not offer.

    A server for another protocol may hold a certificate for the same host. Who redirects a client
    to it makes the one read what was meant for the other; the names of protocols in the handshake
    exist to notice that. A client that lists no protocol never gets an answer about one.

    Remedy: Compare the selected protocol with the list that was offered, or leave that to the
    library.
    """
    offer = ServerOffer(alpn="x-dicom-assay")
    try_offer(stage, offer, what="ServerHello: protocol x-dicom-assay", lies=["extensions.alpn"])
