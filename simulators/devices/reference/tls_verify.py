"""Certificate verification that forgives exactly one defect, for the certificate flaws.

OpenSSL reports every defect of a chain to the callback, one by one. A flaw answers yes to its own
defect and leaves the others to OpenSSL, so an expired certificate from a stranger stays refused
whether expiry or strangers are forgiven.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Collection

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID
from OpenSSL import SSL, crypto

from simulators.devices.reference.options import Credentials
from simulators.devices.reference.tls_form import objections
from simulators.devices.reference.tls_names import names_host
from simulators.devices.reference.tls_scrutiny import Scrutiny
from simulators.devices.reference.tls_stream import (
    STRONG_SUITES,
    HandshakeError,
    OpenSslStream,
    close_after_refusal,
)

Forgive = Callable[[crypto.X509, int], bool]

# Values of X509_V_ERR_ in openssl/x509_vfy.h.
_NOT_YET_VALID, _EXPIRED, _BAD_NOT_BEFORE, _BAD_NOT_AFTER = 9, 10, 13, 14
_SELF_SIGNED_LEAF, _INVALID_PURPOSE = 18, 26
_UNTRUSTED_ISSUER = frozenset({2, 7, 19, 20, 21})
_NO_ISSUER_FOUND = frozenset({2, 20, 21})
_PATH_LENGTH, _NO_CERT_SIGN, _INVALID_CA = 25, 32, 79
_UNHANDLED_CRITICAL, _INVALID_EXTENSION = 34, 41
_NAME_CONSTRAINTS = frozenset({47, 48, 49, 51, 52, 53})
_KEY_TOO_SMALL, _AUTHORITY_KEY_TOO_SMALL, _DIGEST_TOO_WEAK = 66, 67, 68
_FORM = frozenset({_INVALID_EXTENSION, 77, 78, *range(80, 95)})
_SIGNATURE_FAILURE = 7

_ERRORS: dict[str, Collection[int]] = {
    "accepts_self_signed": {_SELF_SIGNED_LEAF},
    "ignores_validity": {_NOT_YET_VALID, _EXPIRED, _BAD_NOT_BEFORE, _BAD_NOT_AFTER},
    "leaf_may_issue": {_INVALID_CA, _PATH_LENGTH, _NO_CERT_SIGN},
    "ignores_name_constraints": _NAME_CONSTRAINTS,
    "ignores_critical_extension": {_UNHANDLED_CRITICAL},
    "accepts_incomplete_chain": _NO_ISSUER_FOUND,
    "accepts_weak_key": {_KEY_TOO_SMALL, _AUTHORITY_KEY_TOO_SMALL, _DIGEST_TOO_WEAK},
}


def forgiving(flaw: str, credentials: Credentials) -> Forgive:
    """Return what a certificate flaw forgives.

    Args:
        flaw: One of :data:`~simulators.devices.reference.tls_scrutiny.CALLBACK_FLAWS`.
        credentials: Trust of the device.
    """
    if flaw == "trusts_subject_name":
        return _issuer_named(credentials)
    if flaw == "ignores_eku":
        return lambda certificate, error: error == _INVALID_PURPOSE and _may_sign(certificate)
    if flaw == "ignores_key_usage":
        return lambda certificate, error: error == _INVALID_PURPOSE and _is_for_tls(certificate)
    if flaw == "accepts_malformed_certificate":
        return _formless
    errors = _ERRORS[flaw]
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


def _formless(certificate: crypto.X509, error: int) -> bool:
    # OpenSSL verifies no signature of which a certificate names two algorithms.
    if error in (_SIGNATURE_FAILURE, _DIGEST_TOO_WEAK):
        found = objections(crypto.dump_certificate(crypto.FILETYPE_ASN1, certificate))
        return any(theme == "form" for theme, _ in found)
    return error in _FORM


def _may_sign(certificate: crypto.X509) -> bool:
    """OpenSSL has one error for both usages: this tells whether the key usage was in order."""
    extensions = certificate.to_cryptography().extensions
    try:
        return extensions.get_extension_for_class(x509.KeyUsage).value.digital_signature
    except x509.ExtensionNotFound:
        return True


def _is_for_tls(certificate: crypto.X509) -> bool:
    """The same for the extended key usage."""
    extensions = certificate.to_cryptography().extensions
    try:
        purposes = extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return not {ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.SERVER_AUTH}.isdisjoint(
        purposes
    )


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
    store = context.get_cert_store()
    if store is not None:
        # Without the check of policies: OpenSSL reports its failure without a certificate, which
        # pyOpenSSL (26.4) takes for one.
        store.set_flags(crypto.X509StoreFlags.X509_STRICT)

    def decide(
        _connection: SSL.Connection, certificate: crypto.X509, error: int, _depth: int, ok: int
    ) -> bool:
        if ok:
            return True
        try:
            return forgive(certificate, error)
        except ValueError:
            # What cannot even be read is not the defect that is forgiven.
            return False

    context.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, decide)
    return context


def wrap(
    sock: socket.socket,
    context: SSL.Context,
    seconds: float | None,
    host: str | None,
    scrutiny: Scrutiny,
) -> OpenSslStream:
    """Do a handshake on a connected socket.

    Args:
        sock: The socket; closed when the handshake fails.
        context: From :func:`forgiving_context`.
        seconds: Time limit.
        host: Name that the server's certificate must show; None makes us the server.
        scrutiny: What else is asked of the peer's certificate.

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
        chain = _chain(connection)
        if host is not None and not (chain and names_host(chain[0], host)):
            raise HandshakeError("the certificate is for another host")
        scrutiny(chain)
    except TimeoutError:
        sock.close()
        raise
    except (OSError, SSL.Error) as error:
        close_after_refusal(sock)
        raise HandshakeError(f"TLS handshake failed: {error}") from None
    return stream


def _chain(connection: SSL.Connection) -> list[bytes]:
    # A path with a forgiven defect may count as no path: then what was sent has to do.
    found = connection.get_verified_chain() or connection.get_peer_cert_chain() or []
    return [crypto.dump_certificate(crypto.FILETYPE_ASN1, one) for one in found]
