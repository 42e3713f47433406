"""Command line and sockets of the null devices."""

import argparse
import socket
import ssl
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from simulators.devices.null.behaviour import BEHAVIOURS, SPEAKS_TLS, Behaviour
from simulators.devices.stopping import StopSignal

_HANDSHAKE_S = 10.0
_TLS_HANDSHAKE = b"\x16"
KINDS = ("dead-port", *BEHAVIOURS)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one null device until it is told to stop; return the exit code."""
    try:
        arguments = _parser().parse_args(argv)
    except SystemExit as leaving:
        return int(leaving.code or 0)
    if arguments.tls_port is not None and arguments.kind in SPEAKS_TLS and not arguments.cert:
        sys.stderr.write(f"error: {arguments.kind} needs --key and --cert for --tls-port\n")
        return 2
    stop = StopSignal()
    try:
        ports = [] if arguments.kind == "dead-port" else _listen(arguments)
    except OSError as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    names = zip(_names(arguments), ports, strict=False)
    shown = " ".join(f"{name}={arguments.host}:{port}" for name, port in names) or "nowhere"
    sys.stderr.write(f"listening {shown}\n")
    sys.stderr.flush()
    stop.wait()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m simulators.devices.null",
        description="A device that does nothing sensible.",
    )
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, required=True, help="0 takes any")
    parser.add_argument("--tls-port", type=int)
    parser.add_argument("--web-port", type=int)
    parser.add_argument("--key", type=Path, metavar="PEM")
    parser.add_argument("--cert", type=Path, metavar="PEM")
    return parser


def _names(arguments: argparse.Namespace) -> list[str]:
    given = {"plain": arguments.port, "tls": arguments.tls_port, "web": arguments.web_port}
    return [name for name, port in given.items() if port is not None]


def _listen(arguments: argparse.Namespace) -> list[int]:
    """Listen on every port and return their numbers."""
    behaviour = BEHAVIOURS[arguments.kind]
    ports: list[int] = []
    for port, tls in (
        (arguments.port, False),
        (arguments.tls_port, True),
        (arguments.web_port, False),
    ):
        if port is None:
            continue
        context = _context(arguments) if tls and arguments.kind in SPEAKS_TLS else None
        listener = socket.create_server((arguments.host, port), backlog=128)
        ports.append(listener.getsockname()[1])
        leaf = b"" if context is None else _leaf(arguments.cert)
        work = (listener, behaviour, context, leaf)
        threading.Thread(target=_accept, args=work, daemon=True).start()
    return ports


def _context(arguments: argparse.Namespace) -> ssl.SSLContext:
    """Return a context that asks for nothing and takes any suite that OpenSSL still has."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(arguments.cert, arguments.key)
    context.set_ciphers("ALL:COMPLEMENTOFALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    return context


def _leaf(certificate: Path) -> bytes:
    pem = certificate.read_text("ascii")
    end = "-----END CERTIFICATE-----"
    return ssl.PEM_cert_to_DER_cert(pem[: pem.index(end) + len(end)])


def _accept(
    listener: socket.socket,
    behaviour: Behaviour,
    context: ssl.SSLContext | None,
    leaf: bytes,
) -> None:
    while True:
        try:
            sock, _ = listener.accept()
        except OSError:
            continue
        arguments = (sock, behaviour, context, leaf)
        threading.Thread(target=_serve, args=arguments, daemon=True).start()


def _speaks_plainly(sock: socket.socket, behaviour: Behaviour) -> bool:
    """True for a peer that needs no TLS: who accepts everything accepts plain DICOM as well."""
    first = sock.recv(1, socket.MSG_PEEK)
    return behaviour is BEHAVIOURS["accept-all"] and first != _TLS_HANDSHAKE


def _agreed(sock: socket.socket, context: ssl.SSLContext, leaf: bytes) -> bool:
    """Who accepts everything accepts the hellos as well that OpenSSL would refuse."""
    # Loaded for this one device.
    from simulators.devices.null.hello import agree, refused

    heard = refused(sock, context)
    if heard:
        agree(sock, leaf, heard)
    return bool(heard)


def _serve(
    sock: socket.socket,
    behaviour: Behaviour,
    context: ssl.SSLContext | None,
    leaf: bytes,
) -> None:
    with suppress(OSError):
        sock.settimeout(_HANDSHAKE_S)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if context is not None and not _speaks_plainly(sock, behaviour):
            if behaviour is BEHAVIOURS["accept-all"] and _agreed(sock, context, leaf):
                return
            sock = context.wrap_socket(sock, server_side=True)
        behaviour(sock)
    sock.close()
