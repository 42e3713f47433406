"""The functions of the newest OpenSSL that pyOpenSSL has no public name for, by their C names."""

from __future__ import annotations

from typing import Any

from cryptography.hazmat.bindings.openssl.binding import Binding

from simulators.tls.handshake import TlsPolicyError

_binding: Any = Binding()
ffi: Any = _binding.ffi
"""The foreign function interface that the functions belong to."""


def can(name: str) -> bool:
    """Tell whether this build has the function, such as ``SSL_write_early_data``."""
    return hasattr(_binding.lib, name)


def private(name: str) -> Any:
    """The function of OpenSSL with that name.

    Raises:
        TlsPolicyError: This build lacks it.
    """
    if not can(name):
        raise TlsPolicyError(f"this OpenSSL has no {name}")
    return getattr(_binding.lib, name)


def reason() -> str:
    """What OpenSSL has to say about its latest failure, which it then forgets."""
    told = "no reason given"
    while code := private("ERR_get_error")():
        text = private("ERR_reason_error_string")(code)
        told = told if text == ffi.NULL else ffi.string(text).decode("ascii", "replace")
    return told
