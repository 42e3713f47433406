"""Command line of the TLS peer."""

from __future__ import annotations

import argparse
import socket
from collections.abc import Sequence
from pathlib import Path

from harness import terminal
from harness.errors import RequestError
from harness.verdict import ExitCode
from simulators.pki import Authority, Identity
from simulators.pki.revocation import Revocation
from simulators.tls_peer.cases import Case, all_specimens, case_of
from simulators.tls_peer.limbo import Limbo
from simulators.tls_peer.meeting import ANSWER_S, Ending, meet

_HIGHEST_PORT = 65535
_EXAMPLES = """examples:
  assay simulate tls --limbo limbo.json
  assay simulate tls --limbo limbo.json rfc5280::serial::zero --port 2762
  assay simulate tls --limbo limbo.json rfc5280::serial::zero --connect 127.0.0.1:2762
  assay simulate tls --specimens
  assay simulate tls --specimen "expired yesterday" --trust-to ca.pem --port 2762
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Show one certificate, or say which there are.

    Returns:
        0 when the device did what the case expects (or nothing was to be shown), 1 when it did
        not, 3 when that cannot be told.

    Raises:
        RequestError: A file, an id or an address is wrong, or the case cannot be shown.
    """
    try:
        arguments = _parser().parse_args(argv)
    except SystemExit as leaving:
        return int(leaving.code or 0)
    if arguments.specimens:
        terminal.columns(all_specimens())
        return ExitCode.EXPECTED
    if arguments.limbo:
        limbo = Limbo.load(arguments.limbo)
        if arguments.id is None:
            return _summary(limbo)
        return _run(limbo.case(arguments.id), arguments)
    authority = _authority(arguments.authority)
    services = Revocation(authority)
    try:
        case = case_of(arguments.specimen, authority, services)
        return _run(case, arguments)
    except KeyError as error:
        raise RequestError(str(error.args[0])) from error
    finally:
        services.close()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="assay simulate tls",
        description="Show one certificate over DICOM/TLS and tell what the device made of it.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--limbo", type=Path, metavar="FILE", help="JSON file of x509-limbo")
    what.add_argument("--specimen", metavar="NAME", help="a certificate of our own zoo")
    what.add_argument("--specimens", action="store_true", help="list our own zoo")
    parser.add_argument("id", nargs="?", help="case of the limbo file; without it: how many")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=_port, default=0, help="port to listen on; 0 takes any")
    parser.add_argument("--once", action="store_true", help="end after the first connection")
    parser.add_argument("--connect", metavar="HOST:PORT", help="show it as a client instead")
    parser.add_argument("--called", default="ANY-SCP", help="AE title of the device")
    parser.add_argument("--calling", default="ASSAY", help="our AE title")
    parser.add_argument("--trust-to", type=Path, metavar="PEM", help="write what is to be trusted")
    parser.add_argument(
        "--authority",
        nargs=2,
        type=Path,
        metavar=("CERT", "KEY"),
        help="authority that issues the specimen; by default a new one",
    )
    return parser


def _port(text: str) -> int:
    """A port number.

    Raises:
        ValueError: Not one.
    """
    number = int(text)
    if not 0 <= number <= _HIGHEST_PORT:
        raise ValueError(text)
    return number


def _summary(limbo: Limbo) -> int:
    total, showable = len(limbo.entries), limbo.showable
    terminal.say(f"{limbo.path}: {total} cases, {showable} with the private key that TLS needs")
    return ExitCode.EXPECTED


def _authority(paths: list[Path] | None) -> Authority:
    if paths is None:
        return Authority.new("dicom-assay test authority")
    try:
        cert, key = (path.read_bytes() for path in paths)
        return Authority.from_pem(cert, key)
    except (OSError, ValueError, TypeError) as error:
        raise RequestError(f"--authority: {error}") from error


def _run(case: Case, arguments: argparse.Namespace) -> int:
    for line in case.told():
        terminal.say(line)
    if arguments.trust_to is not None:
        _write(arguments.trust_to, case.trusted)
    if case.identity is None:
        raise RequestError(f"{case.id}: the case has no private key, so TLS cannot show it")
    if arguments.connect:
        ending = _connect(case.identity, arguments)
        return _conclude(case, ending)
    return _serve(case, case.identity, arguments)


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise RequestError(f"{path}: {error.strerror}") from error


def _connect(identity: Identity, arguments: argparse.Namespace) -> Ending:
    host, _, port = arguments.connect.rpartition(":")
    if not host or not port.isascii() or not port.isdigit():
        raise RequestError(f"--connect {arguments.connect}: not HOST:PORT")
    try:
        connection = socket.create_connection((host.strip("[]"), int(port)), ANSWER_S)
    except (OSError, OverflowError) as error:
        raise RequestError(f"--connect {arguments.connect}: {error}") from error
    with connection:
        return meet(connection, identity, (arguments.called, arguments.calling))


def _serve(case: Case, identity: Identity, arguments: argparse.Namespace) -> int:
    try:
        listener = socket.create_server((arguments.host, arguments.port))
    except OSError as error:
        raise RequestError(f"{arguments.host}:{arguments.port}: {error}") from error
    with listener:
        host, port = listener.getsockname()[:2]
        terminal.say(f"listening {host}:{port}; Ctrl-C ends it")
        while True:
            connection, _ = listener.accept()
            with connection:
                code = _conclude(case, meet(connection, identity, None))
            if arguments.once:
                return code


def _conclude(case: Case, ending: Ending) -> int:
    if ending.accepted is None:
        terminal.say(f"unclear   {ending.words}")
        return ExitCode.NOTHING_CONCLUSIVE
    expected = ending.accepted is case.accepted
    seen = "accepted" if ending.accepted else "refused"
    terminal.say(f"seen      {seen}: {ending.words}")
    terminal.say("          as expected" if expected else "          NOT as expected")
    return ExitCode.EXPECTED if expected else ExitCode.UNEXPECTED_RESULT
