"""What the TLS libraries of this machine can play; distributions differ in what they left out."""

from __future__ import annotations

import ssl
from collections.abc import Callable

from simulators.tls.binding import can
from simulators.tls.codes import TlsVersion
from simulators.tls.handshake import TlsPolicyError
from simulators.tls.legacy_policy import LegacyPolicy
from simulators.tls.modern_policy import ModernPolicy, build_modern_context
from simulators.tls.policy import TlsPolicy, build_context

_HYBRID = "X25519MLKEM768"


def abilities() -> dict[str, tuple[str, ...]]:
    """What each engine can do: names for people, by "standard", "modern" and "legacy".

    Each entry was tried just now by making what a peer needs for it; nothing is sent.
    """
    return {
        "standard": _standard(),
        "modern": _modern(),
        "legacy": _legacy(),
    }


def _standard() -> tuple[str, ...]:
    def plays(version: TlsVersion) -> bool:
        policy = TlsPolicy(minimum=version, maximum=version)
        return _possible(lambda: build_context(policy, server_side=False))

    exact = hasattr(ssl.SSLContext, "_msg_callback")
    return (*_versions(plays), *(["exact alerts"] if exact else []))


def _modern() -> tuple[str, ...]:
    def plays(version: TlsVersion) -> bool:
        policy = ModernPolicy(minimum=version, maximum=version)
        return _possible(lambda: build_modern_context(policy, server_side=False))

    hybrid = ModernPolicy(groups=(_HYBRID,))
    further = {
        "exact alerts": can("SSL_CTX_set_msg_callback"),
        _HYBRID: _possible(lambda: build_modern_context(hybrid, server_side=False)),
        "sessions": can("i2d_SSL_SESSION") and can("d2i_SSL_SESSION") and can("SSL_set_session"),
        "early data": can("SSL_write_early_data") and can("SSL_read_early_data"),
        "renegotiation": can("SSL_renegotiate"),
        "stapling": can("SSL_set_tlsext_status_ocsp_resp"),
    }
    return (*_versions(plays), *(name for name, able in further.items() if able))


def _legacy() -> tuple[str, ...]:
    def plays(version: TlsVersion) -> bool:
        return _possible(LegacyPolicy.version(version).settings)

    return _versions(plays)


def _versions(plays: Callable[[TlsVersion], bool]) -> tuple[str, ...]:
    return tuple(version.label for version in TlsVersion if plays(version))


def _possible(make: Callable[[], object]) -> bool:
    try:
        make()
    except TlsPolicyError:
        return False
    return True
