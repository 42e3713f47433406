"""Certificate verification that forgives exactly one defect, for the certificate flaws.

OpenSSL reports every defect of a chain to the callback, one by one. A flaw answers yes to its own
defect and leaves the others to OpenSSL, so an expired certificate from a stranger stays refused
whether expiry or strangers are forgiven.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable

from cryptography import x509
from OpenSSL import SSL, crypto

from simulators.devices.reference.options import Credentials
from simulators.devices.reference.tls_stream import (
    STRONG_SUITES,
    HandshakeError,
    OpenSslStream,
    close_after_refusal,
)

Forgive = Callable[[crypto.X509, int], bool]

# Values of X509_V_ERR_ in openssl/x509_vfy.h.
_NOT_YET_VALID, _EXPIRED = 9, 10
_SELF_SIGNED_LEAF, _INVALID_PURPOSE = 18, 26
_UNTRUSTED_ISSUER = frozenset({2, 7, 19, 20, 21})


def forgiving(flaw: str, credentials: Credentials) -> Forgive:
    """Return what a certificate flaw forgives.

    Args:
        flaw: Name without the prefix ``scu_``.
        credentials: Trust of the device.
    """
    if flaw == "trusts_subject_name":
        return _issuer_named(credentials)
    errors = {
        "accepts_self_signed": {_SELF_SIGNED_LEAF},
        "ignores_validity": {_NOT_YET_VALID, _EXPIRED},
        "ignores_eku": {_INVALID_PURPOSE},
    }[flaw]
    return lambda _certificate, error: error in errors


def _issuer_named(credentials: Credentials) -> Forgive:
    trusted = {
        authority.subject.public_bytes()
        for authority in x509.load_pem_x509_certificates(credentials.authority.read_bytes())
    }

    def forgive(certificate: crypto.X509, error: int) -> bool:
        issuer = certificate.to_cryptography().issuer.public_bytes()
        return error in _UNTRUSTED_ISSUER and issuer in trusted

    return forgive


def forgiving_context(credentials: Credentials, forgive: Forgive) -> SSL.Context:
    """Return a context for mutual TLS 1.2 and 1.3 with one forgiven defect."""
    context = SSL.Context(SSL.TLS_METHOD)
    context.set_min_proto_version(SSL.TLS1_2_VERSION)
    context.set_cipher_list(STRONG_SUITES.encode("ascii"))
    context.use_certificate_chain_file(str(credentials.certificate))
    context.use_privatekey_file(str(credentials.key))
    context.load_verify_locations(str(credentials.authority))
    context.load_client_ca(str(credentials.authority).encode())
    context.set_session_id(b"reference")
    context.set_verify(
        SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT,
        lambda _connection, certificate, error, _depth, ok: bool(ok) or forgive(certificate, error),
    )
    return context


def wrap(
    sock: socket.socket, context: SSL.Context, seconds: float | None, host: str | None
) -> OpenSslStream:
    """Do a handshake on a connected socket.

    Args:
        sock: The socket; closed when the handshake fails.
        context: From :func:`forgiving_context`.
        seconds: Time limit.
        host: Name that the server's certificate must show; None makes us the server.

    Raises:
        HandshakeError: The handshake failed or the name is another one.
        TimeoutError: The peer is silent.
    """
    connection = SSL.Connection(context, sock)
    if host is None:
        connection.set_accept_state()
    else:
        connection.set_connect_state()
    stream = OpenSslStream(connection, sock)
    stream.settimeout(seconds)
    try:
        stream.handshake()
        if host is not None:
            _check_host(connection, host)
    except TimeoutError:
        sock.close()
        raise
    except (OSError, SSL.Error) as error:
        close_after_refusal(sock)
        raise HandshakeError(f"TLS handshake failed: {error}") from None
    return stream


def _check_host(connection: SSL.Connection, host: str) -> None:
    certificate = connection.get_peer_certificate(as_cryptography=True)
    if certificate is None or not names_host(certificate, host):
        raise HandshakeError("the certificate is for another host")


def names_host(certificate: x509.Certificate, host: str) -> bool:
    """Tell whether a certificate names a host (RFC 9525 6): alternative names only."""
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return False
    try:
        return ipaddress.ip_address(host) in names.get_values_for_type(x509.IPAddress)
    except ValueError:
        dns = names.get_values_for_type(x509.DNSName)
    labels = host.lower().rstrip(".").split(".")
    return any(_same_name(name.lower().split("."), labels) for name in dns)


def _same_name(pattern: list[str], labels: list[str]) -> bool:
    """Compare label by label; ``*`` stands for the whole leftmost label only."""
    if len(pattern) != len(labels):
        return False
    first = pattern[0] == labels[0] or (pattern[0] == "*" and len(labels) > 2)
    return first and pattern[1:] == labels[1:]
