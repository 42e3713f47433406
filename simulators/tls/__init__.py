"""TLS peers of both roles, strong and weak, with proof of what they really sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from simulators.tls.abilities import abilities
from simulators.tls.answer import (
    TLS11_MARK,
    TLS12_MARK,
    ServerOffer,
    server_flight,
)
from simulators.tls.channel import TlsChannel
from simulators.tls.codes import Alert, TlsVersion
from simulators.tls.flight import ServerFlight, parse_server_flight
from simulators.tls.handshake import (
    Ending,
    Handshake,
    Message,
    Phase,
    SecureChannel,
    TlsFailureError,
    TlsPolicyError,
    Transport,
)
from simulators.tls.hello import HelloOffer, client_hello, named_hello_parts
from simulators.tls.in_records import heartbeat_request
from simulators.tls.legacy import LegacyChannel
from simulators.tls.legacy_policy import LegacyClass, LegacyPolicy
from simulators.tls.modern import ModernChannel
from simulators.tls.modern_policy import ModernPolicy
from simulators.tls.parse import ClientHello, parse_client_hello
from simulators.tls.policy import TlsPolicy
from simulators.tls.sessions import Resumption, Session, Ticket, resumption, tickets
from simulators.tls.suites import Suite, SuiteClass, suite, suite_name, suites

AnyPolicy: TypeAlias = TlsPolicy | LegacyPolicy | ModernPolicy
"""How a peer of ours behaves; its type chooses the engine that plays it."""


def open_channel(
    transport: Transport,
    policy: AnyPolicy,
    server_side: bool,
    keylog: Callable[[str], None] | None = None,
) -> SecureChannel:
    """Open the channel of the engine that the policy is for.

    Args:
        transport: The bytes below; stays open when the channel closes.
        policy: A :class:`TlsPolicy` for the standard library, a :class:`LegacyPolicy` for tlslite,
            a :class:`ModernPolicy` for the OpenSSL of ``cryptography``.
        server_side: True when the device is the client.
        keylog: Takes each line of the NSS key log.

    Raises:
        TlsPolicyError: The engine cannot play the policy; nothing was sent.
    """
    if isinstance(policy, LegacyPolicy):
        return LegacyChannel(transport, policy, server_side, keylog)
    if isinstance(policy, ModernPolicy):
        return ModernChannel(transport, policy, server_side, keylog)
    return TlsChannel(transport, policy, server_side, keylog)


__all__ = [
    "TLS11_MARK",
    "TLS12_MARK",
    "Alert",
    "AnyPolicy",
    "ClientHello",
    "Ending",
    "Handshake",
    "HelloOffer",
    "LegacyChannel",
    "LegacyClass",
    "LegacyPolicy",
    "Message",
    "ModernChannel",
    "ModernPolicy",
    "Phase",
    "Resumption",
    "SecureChannel",
    "ServerFlight",
    "ServerOffer",
    "Session",
    "Suite",
    "SuiteClass",
    "Ticket",
    "TlsChannel",
    "TlsFailureError",
    "TlsPolicy",
    "TlsPolicyError",
    "TlsVersion",
    "Transport",
    "abilities",
    "client_hello",
    "heartbeat_request",
    "named_hello_parts",
    "open_channel",
    "parse_client_hello",
    "parse_server_flight",
    "resumption",
    "server_flight",
    "suite",
    "suite_name",
    "suites",
    "tickets",
]
