"""TLS peers of both roles, strong and weak, with proof of what they really sent."""

from __future__ import annotations

from collections.abc import Callable

from simulators.tls.channel import TlsChannel
from simulators.tls.codes import Alert, TlsVersion
from simulators.tls.handshake import (
    Ending,
    Handshake,
    Phase,
    SecureChannel,
    TlsFailureError,
    TlsPolicyError,
    Transport,
)
from simulators.tls.hello import HelloOffer, client_hello, named_hello_parts
from simulators.tls.legacy import LegacyChannel
from simulators.tls.legacy_policy import LegacyClass, LegacyPolicy
from simulators.tls.parse import (
    ClientHello,
    ServerFlight,
    parse_client_hello,
    parse_server_flight,
)
from simulators.tls.policy import TlsPolicy
from simulators.tls.suites import Suite, SuiteClass, suite, suite_name, suites


def open_channel(
    transport: Transport,
    policy: TlsPolicy | LegacyPolicy,
    server_side: bool,
    keylog: Callable[[str], None] | None = None,
) -> SecureChannel:
    """Open the channel of the engine that the policy is for.

    Args:
        transport: The bytes below; stays open when the channel closes.
        policy: A :class:`TlsPolicy` for OpenSSL, a :class:`LegacyPolicy` for tlslite.
        server_side: True when the device is the client.
        keylog: Takes each line of the NSS key log.

    Raises:
        TlsPolicyError: The engine cannot play the policy; nothing was sent.
    """
    if isinstance(policy, LegacyPolicy):
        return LegacyChannel(transport, policy, server_side, keylog)
    return TlsChannel(transport, policy, server_side, keylog)


__all__ = [
    "Alert",
    "ClientHello",
    "Ending",
    "Handshake",
    "HelloOffer",
    "LegacyChannel",
    "LegacyClass",
    "LegacyPolicy",
    "Phase",
    "SecureChannel",
    "ServerFlight",
    "Suite",
    "SuiteClass",
    "TlsChannel",
    "TlsFailureError",
    "TlsPolicy",
    "TlsPolicyError",
    "TlsVersion",
    "Transport",
    "client_hello",
    "named_hello_parts",
    "open_channel",
    "parse_client_hello",
    "parse_server_flight",
    "suite",
    "suite_name",
    "suites",
]
