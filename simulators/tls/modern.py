"""Peers of the newest OpenSSL, which ``cryptography`` brings, by pyOpenSSL in memory.

Its own sockets are not used: a memory buffer lets the transport see every octet, and they fail
where sockets are patched. Handshake messages and alerts come from OpenSSL's message callback,
after decryption, as in the standard library's engine.
"""

from __future__ import annotations

import contextlib
import ssl
from collections.abc import Callable
from typing import Any, TypeVar

from OpenSSL import SSL

from simulators.tls.binding import ffi, private, reason
from simulators.tls.bio import BioChannel, note
from simulators.tls.handshake import TlsPolicyError, Transport, Witness
from simulators.tls.modern_policy import ModernPolicy, build_modern_context
from simulators.tls.sessions import Session

_CHUNK = 16384
_FINISHED = 20
_CALLBACK = "void(*)(int, int, int, void *, size_t, SSL *, void *)"

T = TypeVar("T")


class ModernChannel(BioChannel):
    """One TLS connection by the newest OpenSSL, either role.

    Args:
        transport: The bytes below; stays open when the channel closes.
        policy: What our side offers and shows.
        server_side: True when the device is the client.
        keylog: Takes each line of the NSS key log (for Wireshark).

    Attributes:
        staple: The certificate status that the device handed out, DER; None when it did not.
        early: The early data that the device sent (server only).

    Raises:
        TlsPolicyError: OpenSSL here cannot play the policy; nothing was sent.
    """

    def __init__(
        self,
        transport: Transport,
        policy: ModernPolicy,
        server_side: bool,
        keylog: Callable[[str], None] | None = None,
    ) -> None:
        context = build_modern_context(policy, server_side=server_side)
        witness = Witness(server_side=server_side)
        self.staple: bytes | None = None
        self._listener = _listen_to_messages(context, witness)
        if keylog is not None:
            context.set_keylog_callback(lambda _, line: keylog(line.decode("ascii")))
        if server_side and policy.staple is not None:
            staple = policy.staple
            context.set_ocsp_server_callback(lambda _connection, _data: staple)
        if not server_side and policy.ask_staple:
            context.set_ocsp_client_callback(self._take_staple)
        self._openssl = _OpenSslEngine(context, policy, server_side=server_side)
        super().__init__(transport, self._openssl, witness, server_side=server_side)

    @property
    def early(self) -> bytes:
        """The early data that the device sent (server only)."""
        return bytes(self._openssl.early)

    @property
    def group(self) -> str | None:
        """OpenSSL's name of the key exchange group, for example ``X25519MLKEM768``."""
        return self._openssl.connection.get_group_name()

    @property
    def session(self) -> Session | None:
        """The latest session that can be resumed; None while the device has given none."""
        return self._openssl.session()

    @property
    def renegotiations(self) -> int:
        """How many further handshakes were completed on this connection, whoever asked for them."""
        finished = [one for one in self.messages if one.kind == _FINISHED and not one.sent]
        return max(0, len(finished) - 1)

    def renegotiate(self) -> None:
        """Ask for another handshake: a client by its ClientHello, a server by a HelloRequest.

        Whether the device goes along is seen by receiving: :attr:`renegotiations` counts it.

        Raises:
            TlsPolicyError: TLS 1.3 has no renegotiation.
            TlsFailureError: The connection is dead.
            ConnectionError: The transport is gone.
        """
        if self._engine.version() == "TLSv1.3":
            raise TlsPolicyError("TLS 1.3 has no renegotiation (RFC 8446 4.1.2)")
        try:
            self._openssl.renegotiate()
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLError as error:
            raise self._failed(error) from error
        self._flush()

    def _take_staple(self, _connection: object, staple: bytes, _data: object) -> bool:
        self.staple = staple or None
        return True


class _OpenSslEngine:
    """A pyOpenSSL connection in memory that speaks in the errors of the ``ssl`` module."""

    def __init__(self, context: SSL.Context, policy: ModernPolicy, *, server_side: bool) -> None:
        self.connection = SSL.Connection(context, None)
        self.early = bytearray()
        self._early_data = policy.early_data
        self._reads_early = server_side and policy.accept_early_data > 0
        self._ended = False
        if server_side:
            self.connection.set_accept_state()
        else:
            self._prepare_client(policy)

    def _prepare_client(self, policy: ModernPolicy) -> None:
        self.connection.set_connect_state()
        if policy.server_name is not None:
            self.connection.set_tlsext_host_name(policy.server_name.encode("idna"))
        if policy.ask_staple:
            self.connection.request_ocsp()
        if policy.session is not None:
            self._resume(policy.session)
        elif policy.early_data:
            raise TlsPolicyError("early data needs a session")

    def _resume(self, session: Session) -> None:
        # The public way takes sessions of the same context only.
        buffer = ffi.new("unsigned char[]", session.stored)
        place = ffi.new("unsigned char **", buffer)
        read: Any = private("d2i_SSL_SESSION")
        made = ffi.gc(read(ffi.NULL, place, len(session.stored)), private("SSL_SESSION_free"))
        unread = made == ffi.NULL
        if unread or private("SSL_set_session")(self.connection._ssl, made) != 1:
            raise TlsPolicyError(f"OpenSSL cannot take this session: {reason()}")

    def do_handshake(self) -> None:
        if self._early_data:
            self._write_early()
        if self._reads_early:
            self._read_early()
        self._call(self.connection.do_handshake)

    def read(self, count: int, /) -> bytes:
        return self._call(lambda: self.connection.recv(count))

    def write(self, data: bytes, /) -> None:
        for start in range(0, len(data), _CHUNK):
            part = data[start : start + _CHUNK]
            self._call(lambda part=part: self.connection.send(part))  # type: ignore[misc]

    def unwrap(self) -> None:
        self._call(self.connection.shutdown)

    def version(self) -> str | None:
        return self.connection.get_protocol_version_name()

    def feed(self, data: bytes, /) -> None:
        self.connection.bio_write(data)

    def feed_end(self) -> None:
        self._ended = True
        self.connection.bio_shutdown()

    def take(self) -> bytes:
        taken = b""
        with contextlib.suppress(SSL.WantReadError):
            while part := self.connection.bio_read(_CHUNK):
                taken += part
        return taken

    def renegotiate(self) -> None:
        if not self.connection.renegotiate():
            raise _error("renegotiation is not possible")
        self._call(self.connection.do_handshake)

    def session(self) -> Session | None:
        held = self.connection.get_session()
        stored = b"" if held is None else _stored(held)
        return Session(stored=stored) if stored else None

    def _write_early(self) -> None:
        """RFC 8446 4.2.10; to be called once, before the handshake."""
        data, self._early_data = self._early_data, b""
        written = ffi.new("size_t *")
        write: Any = private("SSL_write_early_data")
        if write(self.connection._ssl, data, len(data), written) != 1:
            raise _error(f"early data could not be written: {reason()}")

    def _read_early(self) -> None:
        buffer, count = ffi.new("char[]", _CHUNK), ffi.new("size_t *")
        read: Any = private("SSL_read_early_data")
        finished = 2
        while True:
            count[0] = 0
            result = read(self.connection._ssl, buffer, _CHUNK, count)
            self.early += ffi.buffer(buffer, count[0])[:]
            if result == finished:
                self._reads_early = False
                return
            if result == 0:
                self._call(lambda: self.connection._raise_ssl_error(self.connection._ssl, 0))

    def _call(self, action: Callable[[], T]) -> T:
        try:
            return action()
        except SSL.ZeroReturnError as error:
            raise ssl.SSLZeroReturnError(str(error)) from error
        except (SSL.WantReadError, SSL.WantWriteError) as error:
            if self._ended:
                raise ssl.SSLEOFError("the device ended the connection") from error
            raise ssl.SSLWantReadError from error
        except SSL.SysCallError as error:
            raise ssl.SSLEOFError(str(error)) from error
        except SSL.Error as error:
            words = _told(error)
            if "unexpected eof" in words:
                raise ssl.SSLEOFError(words) from error
            raise _error(words) from error


def _listen_to_messages(context: SSL.Context, witness: Witness) -> object:
    """Tell the witness each message and alert; the result must live as long as the context."""

    def on_message(
        write: int, _version: int, content: int, data: Any, size: int, _ssl: Any, _argument: Any
    ) -> None:
        note(witness, content, ffi.buffer(data, size)[:], sent=bool(write))

    listener: object = ffi.callback(_CALLBACK, on_message)
    private("SSL_CTX_set_msg_callback")(context._context, listener)
    return listener


def _stored(session: SSL.Session) -> bytes:
    write: Any = private("i2d_SSL_SESSION")
    size = write(session._session, ffi.NULL)
    if size <= 0:
        return b""
    buffer = ffi.new("unsigned char[]", size)
    write(session._session, ffi.new("unsigned char **", buffer))
    return bytes(ffi.buffer(buffer, size)[:])


def _error(words: str) -> ssl.SSLError:
    made = ssl.SSLError(ssl.SSL_ERROR_SSL, words)
    made.reason = words
    return made


def _told(error: SSL.Error) -> str:
    """The reasons in an error of pyOpenSSL, which holds (library, function, reason) triples."""
    listed: object = error.args[0] if error.args else ()
    if not isinstance(listed, list | tuple):
        return str(error)
    return "; ".join(str(one[-1]) for one in listed if one) or repr(error)
