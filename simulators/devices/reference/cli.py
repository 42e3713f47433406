"""Command line of the reference device."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from simulators.devices.reference.errors import DeviceError, PeerGoneError
from simulators.devices.reference.flaws import UnknownFlawError, choose
from simulators.devices.reference.log import Log
from simulators.devices.reference.options import (
    AcceptorOptions,
    AuditTarget,
    Credentials,
    Limits,
    RequestorOptions,
)
from simulators.devices.stopping import StopSignal

if TYPE_CHECKING:
    from simulators.devices.reference.scu_retrieve import Mode

if TYPE_CHECKING:
    from simulators.devices.reference.access import Rules

FAILED, USAGE = 1, 2
_SECURE = "=tls:"
_TRANSPORTS = ("udp", "tcp", "tls")
_SWITCH_S = 0.0005
_MOST_MATCHES = 1000
_DEFAULT_STUDY = "2.25.139467240519340583957402746190563746281.1"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the device; return the exit code (0 done, 1 failed, 2 usage)."""
    parser = _parser()
    try:
        arguments = parser.parse_args(argv)
    except SystemExit as leaving:
        return int(leaving.code or 0)
    try:
        if arguments.role == "scp":
            return _run_acceptor(arguments)
        if arguments.role == "scu":
            return _run_requestor(arguments)
        if arguments.role == "read":
            return _run_reader(arguments)
        if arguments.role == "export":
            return _run_exporter(arguments)
        if arguments.role == "agent":
            return _run_agent(arguments)
    except (UnknownFlawError, argparse.ArgumentTypeError) as error:
        sys.stderr.write(f"error: {error}\n")
        return USAGE
    # The table of flaws is read for this one command.
    from simulators.devices.reference.flaw_table import as_json, flaws

    lines = [f"{flaw.name}: {flaw.sentence}" for flaw in flaws().values()]
    sys.stdout.write((as_json() if arguments.json else "\n".join(lines)) + "\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m simulators.devices.reference",
        description="A conforming DICOM device with switchable flaws.",
    )
    roles = parser.add_subparsers(dest="role", required=True, metavar="scp|scu|read|agent|flaws")
    _add_acceptor(roles.add_parser("scp", help="listen for associations"))
    _add_requestor(roles.add_parser("scu", help="call another device"))
    _add_reader(roles.add_parser("read", help="read a file"))
    _add_exporter(roles.add_parser("export", help="write a medium"))
    _add_agent(roles.add_parser("agent", help="ask a server of DICOMweb"))
    listing = roles.add_parser("flaws", help="list the flaws")
    listing.add_argument("--json", action="store_true", help="as JSON")
    return parser


def _add_common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--key", type=Path, metavar="PEM", help="private key")
    parser.add_argument("--cert", type=Path, metavar="PEM", help="certificate chain")
    parser.add_argument("--ca", type=Path, metavar="PEM", help="trusted authorities")
    parser.add_argument("--crl", type=Path, metavar="PEM", help="lists of revoked certificates")
    parser.add_argument("--flaw", action="append", default=[], metavar="NAME")
    parser.add_argument("--twin", action="append", default=[], metavar="FO-N")
    parser.add_argument("--dress", action="append", default=[], metavar="NAME")


def _add_acceptor(parser: argparse.ArgumentParser) -> None:
    _add_common(parser)
    limits = Limits()
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, required=True, help="0 takes any")
    parser.add_argument("--tls-port", type=int, help="needs --key, --cert and --ca")
    parser.add_argument("--web-port", type=int, help="DICOMweb; with --access, tokens by its key")
    parser.add_argument("--web-tls", action="store_true", help="DICOMweb by TLS; needs --key")
    parser.add_argument("--storage", type=Path, required=True, metavar="DIR")
    parser.add_argument("--ae-title", default="REFERENCE")
    parser.add_argument("--artim", type=float, default=limits.artim_s, metavar="S")
    parser.add_argument("--idle", type=float, default=limits.idle_s, metavar="S")
    parser.add_argument("--max-associations", type=int, default=limits.associations)
    parser.add_argument("--max-per-ae", type=int, metavar="N", help="of one calling AE title")
    parser.add_argument("--max-results", type=int, metavar="N", help="of one query")
    parser.add_argument("--guesses", type=int, metavar="N", help="wrong titles of one host")
    parser.add_argument("--least-query", type=int, metavar="N", help="characters of some key")
    parser.add_argument("--max-pdu", type=int, default=limits.pdu, metavar="BYTES")
    parser.add_argument("--quota", type=int, metavar="BYTES", help="most that is stored")
    parser.add_argument("--reject-by", action="append", default=[], metavar="AE")
    parser.add_argument("--hook", type=Path, metavar="PROGRAM", help="run for each stored object")
    parser.add_argument(
        "--audit", metavar="[udp:|tcp:|tls:]HOST:PORT", help="repository of its audit trail"
    )
    parser.add_argument("--sync", action="store_true", help="wait for the disk at each object")
    parser.add_argument("--calling", action="append", default=[], metavar="AE[=HOST]")
    parser.add_argument("--access", type=Path, metavar="FILE", help="roles, see access.py")
    parser.add_argument("--bind", action="append", default=[], metavar="AE=CERT")
    parser.add_argument("--destination", action="append", default=[], metavar="AE=[tls:]HOST:PORT")
    parser.add_argument("--log", type=Path, metavar="FILE", help="instead of stderr")


def _add_requestor(parser: argparse.ArgumentParser) -> None:
    _add_common(parser)
    parser.add_argument("service", choices=("echo", "store", "find", "get", "move", "commit"))
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--called", default="ANY-SCP", metavar="AE")
    parser.add_argument("--calling", default="REFERENCE", metavar="AE")
    parser.add_argument("--timeout", type=float, default=2.0, metavar="S")
    parser.add_argument("--tls", action="store_true", help="needs --key, --cert and --ca")
    parser.add_argument("--pin", type=Path, metavar="PEM", help="certificate for twin FO-5")
    parser.add_argument("--file", type=Path, help="store, commit: Part 10 file")
    parser.add_argument("--out", type=Path, default=Path(), metavar="DIR", help="get, move: where")
    parser.add_argument("--study", default=_DEFAULT_STUDY, metavar="UID", help="get, move: what")
    modes = parser.add_mutually_exclusive_group()
    modes.add_argument(
        "--bit-preserving", action="store_true", help="get: store what came as it is"
    )
    modes.add_argument("--per-study", action="store_true", help="get: a folder for each study")
    parser.add_argument("--listen-port", type=int, default=0, help="move, commit: our own port")
    parser.add_argument("--max-matches", type=int, default=_MOST_MATCHES, help="find: at most")


def _add_reader(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="Part 10 file, or a DICOMDIR")
    parser.add_argument("--out", type=Path, metavar="DIR", help="write what is read there")
    parser.add_argument("--archives", action="store_true", help="read ZIP archives too")
    parser.add_argument("--pictures", action="store_true", help="write pictures, not files")
    parser.add_argument("--flaw", action="append", default=[], metavar="NAME")


def _add_exporter(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, help="with Part 10 files")
    parser.add_argument("--out", type=Path, metavar="DIR", required=True, help="the medium")
    parser.add_argument("--recipient", type=Path, metavar="PEM", help="encrypt for this one")
    parser.add_argument("--flaw", action="append", default=[], metavar="NAME")


def _add_agent(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("service", choices=("search", "retrieve", "store"))
    parser.add_argument("--url", required=True, help="base of the services")
    parser.add_argument("--token", default="", help="bearer token for that server")
    parser.add_argument("--study", default="", metavar="UID", help="retrieve: what")
    parser.add_argument("--series", default="", metavar="UID")
    parser.add_argument("--instance", default="", metavar="UID")
    parser.add_argument("--file", type=Path, help="store: Part 10 file")
    parser.add_argument("--out", type=Path, metavar="DIR", help="retrieve: write it there")
    parser.add_argument("--flaw", action="append", default=[], metavar="NAME")


def _run_agent(arguments: argparse.Namespace) -> int:
    # Loaded for this one role.
    from simulators.devices.reference.agent import Errand, run_errand

    if arguments.service == "store" and arguments.file is None:
        raise argparse.ArgumentTypeError("store needs --file")
    errand = Errand(
        service=arguments.service,
        url=arguments.url,
        token=arguments.token,
        study=arguments.study,
        series=arguments.series,
        instance=arguments.instance,
        file=arguments.file,
        out=arguments.out,
    )
    return run_errand(errand, choose(arguments.flaw))


def _run_reader(arguments: argparse.Namespace) -> int:
    # Loaded for this one role.
    from simulators.devices.reference.reader import read_file

    return read_file(
        arguments.file,
        arguments.out,
        choose(arguments.flaw),
        archives=arguments.archives,
        pictures=arguments.pictures,
    )


def _run_exporter(arguments: argparse.Namespace) -> int:
    # Loaded for this one role.
    from simulators.devices.reference.exporter import export

    return export(arguments.folder, arguments.out, arguments.recipient, choose(arguments.flaw))


def _run_acceptor(arguments: argparse.Namespace) -> int:
    # The requestor, spawned far more often, does not pay for the acceptor.
    from simulators.devices.reference.server import AcceptorServer

    # Serving is short bursts between system calls; whoever comes out of one should not wait long.
    sys.setswitchinterval(_SWITCH_S)
    options = _acceptor_options(arguments)
    has = options.flaws.has
    log = Log(arguments.log, raw=has("raw_log"), formats=has("formats_peer_text"))
    stop = StopSignal()
    try:
        server = AcceptorServer(options, log)
    except OSError as error:
        sys.stderr.write(f"error: {error}\n")
        return FAILED
    server.start()
    ports = " ".join(f"{name}={options.host}:{port}" for name, port in server.named_ports.items())
    log.announce(f"listening {ports}")
    stop.wait()
    server.close()
    return 0


def _acceptor_options(arguments: argparse.Namespace) -> AcceptorOptions:
    rules = _rules(arguments.access)
    callers = dict(_caller(text) for text in arguments.calling)
    if rules is not None and callers:
        callers = {**dict.fromkeys((role.title for role in rules.roles), None), **callers}
    credentials = _credentials(
        arguments, needed=arguments.tls_port is not None or arguments.web_tls
    )
    return AcceptorOptions(
        storage=arguments.storage,
        host=arguments.host,
        port=arguments.port,
        tls_port=arguments.tls_port,
        web_port=arguments.web_port,
        web_tls=arguments.web_tls,
        credentials=credentials,
        ae_title=arguments.ae_title,
        callers=callers,
        rules=rules,
        destinations=dict(_destination(text) for text in arguments.destination),
        secure_destinations=frozenset(
            text.partition("=")[0] for text in arguments.destination if _SECURE in text
        ),
        bindings=dict(_binding(text) for text in arguments.bind),
        limits=Limits(
            artim_s=arguments.artim,
            idle_s=arguments.idle,
            associations=arguments.max_associations,
            pdu=arguments.max_pdu,
            per_ae=arguments.max_per_ae,
            results=arguments.max_results,
            quota=arguments.quota,
            guesses=arguments.guesses,
            least_query=arguments.least_query,
        ),
        rejectors=frozenset(arguments.reject_by),
        hook=arguments.hook,
        audit=_audit(arguments.audit, credentials),
        sync=arguments.sync,
        flaws=choose(arguments.flaw, arguments.twin, arguments.dress),
    )


def _run_requestor(arguments: argparse.Namespace) -> int:
    from simulators.devices.reference.part10 import FileError
    from simulators.devices.reference.requestor import ReleasedError

    flaws = choose(arguments.flaw, arguments.twin, arguments.dress)
    if flaws.has("FO-5") and arguments.pin is None:
        raise argparse.ArgumentTypeError("twin FO-5 needs --pin")
    options = RequestorOptions(
        host=arguments.host,
        port=arguments.port,
        called=arguments.called,
        calling=arguments.calling,
        timeout_s=arguments.timeout,
        credentials=_credentials(arguments, needed=arguments.tls) if arguments.tls else None,
        pin=arguments.pin,
        matches=arguments.max_matches,
        flaws=flaws,
    )
    try:
        _perform(arguments, options)
    except (DeviceError, FileError, OSError) as error:
        sys.stderr.write(f"{arguments.service} failed: {error}\n")
        cut = isinstance(error, PeerGoneError) and not error.aborted
        hidden = flaws.has("scu_hides_failure")
        hidden |= cut and flaws.has("scu_reports_success_when_cut")
        released = isinstance(error, ReleasedError)
        hidden |= released and flaws.has("scu_takes_release_for_success")
        return 0 if hidden else FAILED
    return FAILED if flaws.has("scu_reports_failure") else 0


def _perform(arguments: argparse.Namespace, options: RequestorOptions) -> None:
    """Carry out the one service; what a service alone needs is loaded for it alone.

    Raises:
        DeviceError: It failed.
        FileError: The file is none that can be sent.
        OSError: A file cannot be read.
    """
    from simulators.devices.reference import scu
    from simulators.devices.reference.part10 import example_object, read_object

    if arguments.service == "echo":
        scu.echo(options)
    elif arguments.service == "store":
        scu.store(options, read_object(arguments.file) if arguments.file else example_object())
    elif arguments.service == "find":
        scu.find(options)
    elif arguments.service == "commit":
        from simulators.devices.reference.scu_commit import commit

        commit(options, arguments.file, arguments.listen_port)
    else:
        from simulators.devices.reference.scu_retrieve import Wanted, get, move

        mode: Mode = "per-study" if arguments.per_study else "normal"
        wanted = Wanted(
            study=arguments.study,
            out=arguments.out,
            mode="bit-preserving" if arguments.bit_preserving else mode,
        )
        if arguments.service == "get":
            get(options, wanted)
        else:
            move(options, wanted, arguments.listen_port)


def _credentials(arguments: argparse.Namespace, *, needed: bool) -> Credentials | None:
    if arguments.key and arguments.cert and arguments.ca:
        return Credentials(
            key=arguments.key,
            certificate=arguments.cert,
            authority=arguments.ca,
            revocations=arguments.crl,
        )
    if needed:
        raise argparse.ArgumentTypeError("TLS needs --key, --cert and --ca")
    return None


def _caller(text: str) -> tuple[str, str | None]:
    title, _, host = text.partition("=")
    return title, host or None


def _rules(path: Path | None) -> Rules | None:
    if path is None:
        return None
    # Only a device with roles loads them.
    from simulators.devices.reference.access import AccessFileError, read_rules

    try:
        return read_rules(path)
    except (OSError, AccessFileError) as error:
        raise argparse.ArgumentTypeError(f"--access: {error}") from None


def _binding(text: str) -> tuple[str, bytes]:
    # A device without bindings does not load TLS for them.
    from simulators.devices.reference.tls_stream import first_certificate

    title, _, path = text.partition("=")
    try:
        return title, first_certificate(Path(path))
    except (OSError, ValueError) as error:
        raise argparse.ArgumentTypeError(f"--bind {text!r} is not AE=CERT: {error}") from None


def _audit(text: str | None, credentials: Credentials | None) -> AuditTarget | None:
    if text is None:
        return None
    given, _, rest = text.partition(":")
    transport, address = (given, rest) if given in _TRANSPORTS else (_TRANSPORTS[0], text)
    host, _, port = address.rpartition(":")
    if not host or not port.isdigit():
        raise argparse.ArgumentTypeError(f"--audit {text!r} is not [udp:|tcp:|tls:]HOST:PORT")
    if transport == "tls" and credentials is None:
        raise argparse.ArgumentTypeError("--audit tls: needs --key, --cert and --ca")
    return AuditTarget(host=host, port=int(port), transport=transport)


def _destination(text: str) -> tuple[str, tuple[str, int]]:
    title, _, address = text.partition("=")
    host, _, port = address.removeprefix(_SECURE[1:]).rpartition(":")
    if not title or not host or not port.isdigit():
        raise argparse.ArgumentTypeError(f"--destination {text!r} is not AE=[tls:]HOST:PORT")
    return title, (host, int(port))
