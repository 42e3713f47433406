"""What a TLS peer of ours offers, trusts and shows, as a context of the standard library."""

from __future__ import annotations

import ssl
import tempfile
import threading
import warnings
from dataclasses import dataclass, field
from pathlib import Path

from simulators.pki import Identity
from simulators.tls.codes import TlsVersion
from simulators.tls.handshake import TlsPolicyError

# Level 0 lets our side speak and show anything: strength is for the device to judge, not for us.
PERMISSIVE_CIPHERS = "DEFAULT:@SECLEVEL=0"

_SSL_VERSIONS = {
    TlsVersion.TLS1_0: ssl.TLSVersion.TLSv1,
    TlsVersion.TLS1_1: ssl.TLSVersion.TLSv1_1,
    TlsVersion.TLS1_2: ssl.TLSVersion.TLSv1_2,
    TlsVersion.TLS1_3: ssl.TLSVersion.TLSv1_3,
}
_OPENSSL_GROUPS = {"secp256r1": "prime256v1", "secp192r1": "prime192v1", "x25519": "X25519"}
# catch_warnings swaps process-wide state, so that two channels must not do it at once.
_warnings_lock = threading.Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsPolicy:
    """A TLS peer by the standard library, TLS 1.0 to 1.3.

    Attributes:
        minimum: Lowest version offered or accepted.
        maximum: Highest version offered or accepted.
        ciphers: OpenSSL cipher list for TLS 1.2 and below (TLS 1.3 suites cannot be chosen).
        identity: What our side presents; None presents nothing (a server needs one).
        trust: PEM of the authorities that our side trusts.
        server_name: SNI of a client, and the name that ``verify`` checks.
        verify: Require and verify the device's certificate. A server that verifies also requests.
        request_certificate: Server only: ask for a certificate but let the device go without;
            one that does not chain to ``trust`` is still refused.
        alpn: Application protocols in order of preference.
        groups: At most one key exchange group, by its IANA name; empty for the defaults.
    """

    minimum: TlsVersion = TlsVersion.TLS1_2
    maximum: TlsVersion = TlsVersion.TLS1_3
    ciphers: str = PERMISSIVE_CIPHERS
    identity: Identity | None = None
    trust: bytes | None = field(default=None, repr=False)
    server_name: str | None = None
    verify: bool = False
    request_certificate: bool = False
    alpn: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


def build_context(policy: TlsPolicy, *, server_side: bool) -> ssl.SSLContext:
    """Make the context that plays the policy.

    Raises:
        TlsPolicyError: This library cannot play it (a version, suite, group or key it has not).
    """
    context = ssl.SSLContext(
        ssl.PROTOCOL_TLS_SERVER if server_side else ssl.PROTOCOL_TLS_CLIENT,
    )
    try:
        _set_versions(context, policy)
        context.set_ciphers(policy.ciphers)
        _set_trust(context, policy, server_side=server_side)
        if policy.identity is not None:
            _load_identity(context, policy.identity)
        if policy.alpn:
            context.set_alpn_protocols(policy.alpn)
        _set_group(context, policy.groups)
    except (ssl.SSLError, ValueError) as error:
        raise TlsPolicyError(f"OpenSSL cannot play this peer: {error}") from error
    return context


def _set_versions(context: ssl.SSLContext, policy: TlsPolicy) -> None:
    if not {policy.minimum, policy.maximum} <= _SSL_VERSIONS.keys():
        raise TlsPolicyError("SSL 3.0 needs a LegacyPolicy")
    with _warnings_lock, warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = _SSL_VERSIONS[policy.minimum]
        context.maximum_version = _SSL_VERSIONS[policy.maximum]


def _set_trust(context: ssl.SSLContext, policy: TlsPolicy, *, server_side: bool) -> None:
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    if policy.trust is not None:
        context.load_verify_locations(cadata=policy.trust.decode("ascii"))
    if policy.verify and policy.trust is None:
        raise TlsPolicyError("verify needs trust")
    if policy.verify:
        context.verify_mode = ssl.CERT_REQUIRED
        context.check_hostname = not server_side and policy.server_name is not None
        context.hostname_checks_common_name = False
    elif policy.request_certificate:
        context.verify_mode = ssl.CERT_OPTIONAL


def _load_identity(context: ssl.SSLContext, identity: Identity) -> None:
    with tempfile.TemporaryDirectory(prefix="assay-tls-") as folder:
        files = identity.write(Path(folder), "identity")
        context.load_cert_chain(files.cert, files.key)


def _set_group(context: ssl.SSLContext, groups: tuple[str, ...]) -> None:
    if len(groups) > 1:
        raise TlsPolicyError("the standard library sets one group only; use hello.py for more")
    if groups:
        context.set_ecdh_curve(_OPENSSL_GROUPS.get(groups[0], groups[0]))
