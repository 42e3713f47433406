"""A storage server behind the TLS of a past that OpenSSL has left: a control for our verdicts.

It speaks SSL 3.0 to TLS 1.2 with NULL, RC4, 3DES and static RSA, a 768 bit group, P-192, SHA-1
signatures, heartbeat, and neither extended master secret nor a client's certificate. Whoever tests
TLS must find all of that. DCMTK storescp does the DICOM, one process per connection.
"""

from __future__ import annotations

import argparse
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress

from tlslite import HandshakeSettings, TLSConnection, X509CertChain, parsePEMKey
from tlslite.errors import TLSError
from tlslite.mathtls import RFC2409_GROUP1  # the 768 bit group, which tlslite keeps for tests

from harness.programs import locate

CHUNK = 16384
QUIET_S = 10.0
"""A peer that is silent for this long is let go."""


def main(argv: Sequence[str] | None = None) -> int:
    """Serves until it is stopped."""
    parser = argparse.ArgumentParser(description="TLS of the past before storescp")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--key", required=True)
    parser.add_argument("--cert", required=True)
    parser.add_argument("--storage", required=True)
    options = parser.parse_args(argv)
    chain = X509CertChain()
    with open(options.cert, encoding="ascii") as file:
        chain.parsePemList(file.read())
    with open(options.key, encoding="ascii") as file:
        key = parsePEMKey(file.read(), private=True)
    with socket.create_server(("127.0.0.1", options.port), backlog=64) as listener:
        while True:
            peer, _ = listener.accept()
            given = (peer, chain, key, options.storage)
            threading.Thread(target=serve, args=given, daemon=True).start()


def settings() -> HandshakeSettings:
    """Everything that tlslite can still do, and none of what protects."""
    made = HandshakeSettings()
    made.minVersion, made.maxVersion = (3, 0), (3, 3)
    made.versions = [(3, 3), (3, 2), (3, 1), (3, 0)]
    made.cipherNames = ["aes128gcm", "aes256", "aes128", "3des", "rc4", "null"]
    made.macNames = ["sha", "sha256", "md5", "aead"]
    made.keyExchangeNames = ["rsa", "dhe_rsa", "ecdhe_rsa"]
    made.eccCurves = ["secp256r1", "x25519", "secp256k1", "secp224r1", "secp192r1"]
    made.dhGroups, made.dhParams = [], RFC2409_GROUP1
    made.rsaSigHashes, made.rsaSchemes = ["sha1", "md5", "sha256"], ["pkcs1"]
    made.useExtendedMasterSecret = made.useEncryptThenMAC = False
    made.use_heartbeat_extension = True
    made.certificate_compression_send = made.certificate_compression_receive = []
    return made


def serve(peer: socket.socket, chain: X509CertChain, key: object, storage: str) -> None:
    """One connection: handshake, then bytes to and from a storescp of its own."""
    peer.settimeout(QUIET_S)
    tls = TLSConnection(peer)
    with peer:
        try:
            tls.handshakeServer(certChain=chain, privateKey=key, settings=settings())
        except Exception as error:  # tlslite parses hostile bytes and leaks many types
            sys.stderr.write(f"no handshake: {error!r}\n")
            return
        relay(tls, storage)


def relay(tls: TLSConnection, storage: str) -> None:
    """Bytes both ways until either side ends."""
    ours, theirs = socket.socketpair()
    command = [locate("storescp") or "storescp", "--inetd", "--accept-all", "--disable-host-lookup"]
    command += ["--output-directory", storage, "104"]
    with ours, subprocess.Popen(command, stdin=theirs, stdout=theirs) as child:
        theirs.close()
        back = threading.Thread(target=answer, args=(ours, tls), daemon=True)
        back.start()
        with suppress(OSError, TLSError):
            while data := tls.read(max=CHUNK):
                ours.sendall(bytes(data))
        with suppress(OSError):
            ours.shutdown(socket.SHUT_WR)
        back.join(QUIET_S)
        child.terminate()


def answer(ours: socket.socket, tls: TLSConnection) -> None:
    """What storescp says, to the peer; its end is the connection's end."""
    with suppress(OSError, TLSError):
        while data := ours.recv(CHUNK):
            tls.write(data)
    with suppress(OSError, TLSError):
        tls.sock.shutdown(socket.SHUT_RDWR)


if __name__ == "__main__":
    sys.exit(main())
