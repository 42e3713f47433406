"""What a TLS peer of the newest OpenSSL offers and shows: the one that ``cryptography`` brings.

It does what the standard library has no interface for: several groups, post-quantum ones among
them, stapled certificate status, sessions that are taken apart, early data and renegotiation.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from OpenSSL import SSL, crypto

from simulators.pki import Identity
from simulators.tls.binding import private, reason
from simulators.tls.codes import TlsVersion
from simulators.tls.handshake import TlsPolicyError
from simulators.tls.policy import PERMISSIVE_CIPHERS, TlsPolicy
from simulators.tls.sessions import Session

_GROUPS = {"secp256r1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521", "x25519": "X25519"}
CLASSIC_GROUPS = ("x25519", "secp256r1", "secp384r1")
"""Groups that every device of today knows."""

_RENEGOTIABLE = 1 << 8  # SSL_OP_ALLOW_CLIENT_RENEGOTIATION of OpenSSL 3 and later
_SESSION_CONTEXT = b"assay"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModernPolicy:
    """A TLS peer by the newest OpenSSL, TLS 1.0 to 1.3.

    Attributes:
        minimum: Lowest version offered or accepted.
        maximum: Highest version offered or accepted.
        ciphers: OpenSSL cipher list for TLS 1.2 and below.
        identity: What our side presents; None presents nothing (a server needs one).
        trust: PEM of the authorities that our side trusts.
        server_name: SNI of a client. It is not compared with the certificate.
        verify: Require the device's certificate and verify its path.
        request_certificate: Server only: ask for a certificate but let the device go without.
        alpn: Client only: application protocols in order of preference.
        groups: Key exchange groups in order of preference, by IANA names; empty for the defaults.
        staple: Server only: certificate status to hand out (an OCSP response, DER), if asked for.
        ask_staple: Client only: ask for the certificate status.
        session: Client only: resume this session.
        early_data: Client only: bytes to send before the handshake; needs a session.
        accept_early_data: Server only: how many bytes of early data its tickets allow.
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
    staple: bytes | None = field(default=None, repr=False)
    ask_staple: bool = False
    session: Session | None = None
    early_data: bytes = field(default=b"", repr=False)
    accept_early_data: int = 0

    @classmethod
    def like(cls, policy: TlsPolicy) -> ModernPolicy:
        """The same peer, played by the other engine, with classic groups unless it names some.

        The newest OpenSSL would offer post-quantum shares by itself; their size is a matter of
        its own, which must not disturb others.
        """
        return cls(
            minimum=policy.minimum,
            maximum=policy.maximum,
            ciphers=policy.ciphers,
            identity=policy.identity,
            trust=policy.trust,
            server_name=policy.server_name,
            verify=policy.verify,
            request_certificate=policy.request_certificate,
            alpn=policy.alpn,
            groups=policy.groups or CLASSIC_GROUPS,
        )


def build_modern_context(policy: ModernPolicy, *, server_side: bool) -> SSL.Context:
    """Make the context that plays the policy.

    Raises:
        TlsPolicyError: This library cannot play it (a version, suite, group or key it has not).
    """
    if policy.minimum < TlsVersion.TLS1_0:
        raise TlsPolicyError("SSL 3.0 needs a LegacyPolicy")
    context = SSL.Context(SSL.TLS_SERVER_METHOD if server_side else SSL.TLS_CLIENT_METHOD)
    try:
        context.set_min_proto_version(policy.minimum)
        context.set_max_proto_version(policy.maximum)
        context.set_cipher_list(policy.ciphers.encode("ascii"))
        _set_trust(context, policy, server_side=server_side)
        if policy.identity is not None:
            _load_identity(context, policy.identity)
        if policy.alpn:
            context.set_alpn_protos([name.encode("ascii") for name in policy.alpn])
        _set_groups(context, policy.groups)
    except TlsPolicyError:
        raise
    except (SSL.Error, crypto.Error, ValueError) as error:
        raise TlsPolicyError(f"OpenSSL cannot play this peer: {error!r}") from error
    context.set_session_id(_SESSION_CONTEXT)
    context.set_options(_RENEGOTIABLE)
    if policy.accept_early_data:
        private("SSL_CTX_set_max_early_data")(context._context, policy.accept_early_data)
    return context


def _set_trust(context: SSL.Context, policy: ModernPolicy, *, server_side: bool) -> None:
    if policy.verify and policy.trust is None:
        raise TlsPolicyError("verify needs trust")
    if policy.trust is not None:
        store = context.get_cert_store()
        assert store is not None  # a new context always has one
        for certificate in x509.load_pem_x509_certificates(policy.trust):
            store.add_cert(crypto.X509.from_cryptography(certificate))
    mode = SSL.VERIFY_NONE
    if policy.verify:
        mode = SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT
    elif server_side and policy.request_certificate:
        mode = SSL.VERIFY_PEER
    context.set_verify(mode)


def _load_identity(context: SSL.Context, identity: Identity) -> None:
    with tempfile.TemporaryDirectory(prefix="assay-tls-") as folder:
        files = identity.write(Path(folder), "identity")
        context.use_certificate_chain_file(str(files.cert))
        context.use_privatekey_file(str(files.key))


def _set_groups(context: SSL.Context, groups: tuple[str, ...]) -> None:
    if not groups:
        return
    listed = ":".join(_GROUPS.get(name, name) for name in groups).encode("ascii")
    if private("SSL_CTX_set1_curves_list")(context._context, listed) != 1:
        raise TlsPolicyError(f"groups {', '.join(groups)}: {reason()}")
