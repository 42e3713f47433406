"""The full man in the middle: TLS ends at us on both sides, with forged certificates."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from harness.stage import Stage
from simulators.acceptor import Acceptor
from simulators.handshakes.traps import show_identity
from simulators.handshakes.trials import (
    client,
    client_policy,
    seek_service,
    witness_certificate,
)
from simulators.lab import lab_of
from simulators.pki import Authority, Identity
from simulators.relay.relay import TOWARDS_ACCEPTOR

Forger = Callable[[Authority], Identity]

FORGERIES: Mapping[str, tuple[Forger, str]] = {
    "signed by itself": (lambda trusted: trusted.issue(self_signed=True), "issuer"),
    "unknown authority": (lambda _trusted: Authority.new("another authority").issue(), "issuer"),
    "imitated authority": (
        lambda trusted: trusted.issue(issuer=trusted.lookalike(same_key_identifier=True)),
        "signature_value",
    ),
}
"""How a certificate is forged from the trusted authority, and which part of it is wrong."""


def stand_in(stage: Stage, forgery: str) -> None:
    """Shows a forged certificate to the acceptor as a client, and to the requestor as its server.

    The connection to the acceptor is open while the requestor calls, as it is for a man in the
    middle who passes everything on. The outcomes stand under ``upstream`` and ``attacker``.

    Raises:
        NotEmittedError: One of the two certificates did not leave our side.
        PreconditionUnmetError: The requestor did not call.
    """
    forge, lie = FORGERIES[forgery]
    forged = forge(lab_of(stage).trust.authority)
    with client(stage, client_policy(stage, forged), actor=TOWARDS_ACCEPTOR) as upstream:
        witness_certificate(upstream, upstream.handshake, forged, lie)
        seek_service(upstream)
        with Acceptor(stage, "storage", hello_only=True) as impostor:
            show_identity(impostor, forged, lie)
