"""A TLS connection of ours over recorded bytes, by the standard library without any socket.

``SSLContext._msg_callback`` shows each handshake message and alert after decryption, which is the
only way to read a TLS 1.3 alert exactly. Where an interpreter lacks it, alerts are read from
``SSLError.reason`` and the proof of emission stays False.
"""

from __future__ import annotations

import ssl
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from simulators.tls.bio import BioChannel, note
from simulators.tls.handshake import Handshake, Transport, Witness
from simulators.tls.policy import TlsPolicy, build_context


class _StandardEngine:
    """The ``ssl`` module's connection between two memory buffers."""

    def __init__(self, context: ssl.SSLContext, *, server_side: bool, name: str | None) -> None:
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._ssl = context.wrap_bio(
            self._incoming, self._outgoing, server_side=server_side, server_hostname=name
        )
        self.do_handshake = self._ssl.do_handshake
        self.version = self._ssl.version
        self.feed_end = self._incoming.write_eof
        self.take = self._outgoing.read

    def read(self, count: int, /) -> bytes:
        return self._ssl.read(count)

    def write(self, data: bytes, /) -> None:
        self._ssl.write(data)

    def unwrap(self) -> None:
        self._ssl.unwrap()

    def feed(self, data: bytes, /) -> None:
        self._incoming.write(data)


class TlsChannel(BioChannel):
    """One TLS connection by the standard library, either role.

    Args:
        transport: The bytes below; stays open when the channel closes.
        policy: What our side offers and shows.
        server_side: True when the device is the client.
        keylog: Takes each line of the NSS key log (for Wireshark).

    Raises:
        TlsPolicyError: OpenSSL here cannot play the policy; nothing was sent.
    """

    def __init__(
        self,
        transport: Transport,
        policy: TlsPolicy,
        server_side: bool,
        keylog: Callable[[str], None] | None = None,
    ) -> None:
        self._keylog = keylog
        self._context = build_context(policy, server_side=server_side)
        witness = Witness(server_side=server_side)
        # Of the witness, not of this channel: the interpreter frees no cycle through a context.
        self._context._msg_callback = partial(_on_message, witness)  # type: ignore[attr-defined]
        name = None if server_side else policy.server_name
        engine = _StandardEngine(self._context, server_side=server_side, name=name)
        super().__init__(transport, engine, witness, server_side=server_side)

    def handshake(self, timeout_s: float) -> Handshake:
        """Shake hands as :meth:`BioChannel.handshake` does, with a key log."""
        if self._keylog is None:
            return super().handshake(timeout_s)
        with tempfile.TemporaryDirectory(prefix="assay-keylog-") as folder:
            keys = Path(folder) / "keys"
            self._context.keylog_filename = str(keys)
            done = super().handshake(timeout_s)
            for line in keys.read_text(encoding="ascii").splitlines() if keys.exists() else ():
                if not line.startswith("#"):
                    self._keylog(line)
        return done


def _on_message(
    witness: Witness,
    _connection: object,
    direction: str,
    _version: int,
    content_type: int,
    _message_type: int,
    data: bytes,
) -> None:
    note(witness, content_type, data, sent=direction == "write")
