"""``assay init``: writes a device profile by asking and by a gentle look at the device."""

from __future__ import annotations

import datetime
import ipaddress
from dataclasses import replace
from pathlib import Path

import click

from harness import probing
from harness import profile as profiles
from harness.errors import BenchError, ProfileError, RecordError, ScopeError
from harness.probing import Observed
from harness.profile_writer import ANY_AE_TITLE, UNKNOWN, Answers, profile_text
from harness.verdict import ExitCode, Outcome

_EXAMPLES = """\b
Examples:
  assay init 127.0.0.1:11112
  assay init 127.0.0.1:104 --ae-title ARCHIVE --yes --out archive.toml
  assay init 192.0.2.7:104 --i-am-authorised 'J. Smith' --network 192.0.2.0/28
  assay init                               for a device that only calls others
"""
_LAST_PORT = 65535
_HINTS = {
    3: "it does not know the calling AE title '{calling}': register it, or give one it knows "
    "with --calling",
    7: "it does not answer to the AE title '{called}': give its own with --ae-title",
}


@click.command("init", short_help="Write a device profile by asking and probing.", epilog=_EXAMPLES)
@click.argument("address", metavar="[HOST:PORT]", required=False)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("device.toml"),
    show_default=True,
    help="File to write.",
)
@click.option("--force", is_flag=True, help="Overwrite the file.")
@click.option("--yes", is_flag=True, help="Ask nothing: what is not given is left out or assumed.")
@click.option("--manufacturer", help="Who makes the device.")
@click.option("--model", help="What it is called.")
@click.option("--ae-title", help=f"Its AE title (assumed: {ANY_AE_TITLE}).")
@click.option("--calling", default="ASSAY", show_default=True, help="AE title that we call by.")
@click.option("--i-am-authorised", "authorised_by", metavar="NAME", help="Who permits the test.")
@click.option("--network", multiple=True, metavar="CIDR", help="Network that may be tested.")
def command(
    address: str | None,
    out: Path,
    force: bool,
    yes: bool,
    manufacturer: str | None,
    model: str | None,
    ae_title: str | None,
    calling: str,
    authorised_by: str | None,
    network: tuple[str, ...],
) -> int:
    """Write a profile of the device at HOST:PORT by asking and probing.

    The probe is a handful of honest associations, and a TLS ClientHello where they get no answer.
    Only loopback is probed, unless --i-am-authorised says who permits more; without --network, that
    is the one address alone.
    """
    if out.exists() and not force:
        raise ProfileError(f"--out {out}: exists already; choose another name or add --force")
    if yes and address is None:
        raise click.UsageError("--yes needs HOST:PORT: there is nothing to probe and nobody to ask")
    if address is None:
        address = (
            click.prompt("Where does it listen (HOST:PORT; empty if it only calls)", "") or None
        )
    if ae_title is None and address is not None and not yes:
        ae_title = click.prompt("Its AE title (empty if unknown)", "", show_default=False)
    answers = Answers(ae_title=ae_title or "", calling=calling, authorised_by=authorised_by or "")
    seen = None
    if address is not None:
        answers = _at(answers, address, network)
        seen = _probed(answers, out)
    answers = _asked(answers, seen, manufacturer, model, ask=not yes)
    text = profile_text(answers, seen, datetime.date.today().isoformat())
    claims = profiles.parse(text, str(out)).claims()
    _write(out, text, force=force)
    click.echo(f"wrote {out}: claims {', '.join(sorted(claims))}", err=True)
    click.echo(f"next: assay doctor {out}", err=True)
    return ExitCode.EXPECTED


def _at(answers: Answers, address: str, networks: tuple[str, ...]) -> Answers:
    """The answers with the address, and with the networks that may be tested."""
    host, colon, port = address.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not colon or not host or not port.isascii() or not port.isdigit():
        raise click.UsageError(f"'{address}' is not HOST:PORT, for example 127.0.0.1:11112")
    if not 1 <= int(port) <= _LAST_PORT:
        raise click.UsageError(f"'{address}': the port must be between 1 and {_LAST_PORT}")
    if networks and not answers.authorised_by:
        raise click.UsageError("--network needs --i-am-authorised NAME: who permits the test?")
    for network in networks:
        _parse_network(network)
    if answers.authorised_by and not networks:
        networks = _only(host)
    return replace(answers, host=host, port=int(port), networks=networks)


def _parse_network(network: str) -> None:
    try:
        ipaddress.ip_network(network)
    except ValueError as error:
        raise click.UsageError(f"--network {network}: {error}") from error


def _only(host: str) -> tuple[str, ...]:
    """The one address as a network; nothing more is needed for loopback."""
    try:
        given = ipaddress.ip_address(host)
    except ValueError as error:
        raise click.UsageError(
            f"'{host}' is a name: say with --network what it stands for"
        ) from error
    return () if given.is_loopback else (str(ipaddress.ip_network(given)),)


def _probed(answers: Answers, out: Path) -> Observed:
    """What is seen at the address; whatever is not DICOM or TLS is no device."""
    asked = profiles.parse(profile_text(answers, None), str(out))
    click.echo(f"probing {answers.host}:{answers.port} ...", err=True)
    try:
        seen = probing.probe(asked)
    except ScopeError as error:
        raise ScopeError(
            f"{error}; here: --i-am-authorised NAME, and --network CIDR for more than one address"
        ) from error
    if seen.outcome is Outcome.ACCEPTED or seen.tls:
        return seen
    hint = _HINTS.get(seen.reason or 0, "is it a DICOM port, and does the device run?")
    hint = hint.format(calling=answers.calling, called=answers.ae_title or ANY_AE_TITLE)
    where = f"{answers.host}:{answers.port}"
    raise BenchError(f"{where}: no association: {seen.detail}: {hint}; nothing was written")


def _asked(
    answers: Answers,
    seen: Observed | None,
    manufacturer: str | None,
    model: str | None,
    *,
    ask: bool,
) -> Answers:
    """The answers with identity and services, asked for where they are not given."""

    def answer(given: str | None, question: str, default: str) -> str:
        if given is not None or not ask:
            return given or default
        return str(click.prompt(question, default)).strip() or default

    answers = replace(
        answers,
        manufacturer=answer(manufacturer, "Manufacturer", UNKNOWN),
        model=answer(model, "Model", UNKNOWN),
    )
    if ask and seen is not None and seen.tls:
        answers = replace(answers, stated=_services("Services behind TLS, which cannot be seen"))
    if ask:
        answers = replace(answers, asked=_services("Services that it uses when it calls others"))
    if not answers.host and not answers.asked:
        raise ProfileError("nothing to test: name where the device listens, or what it calls for")
    return answers


def _services(question: str) -> tuple[str, ...]:
    text = str(click.prompt(f"{question} (verification, storage, retrieve ...; empty: none)", ""))
    return tuple(dict.fromkeys(text.replace(",", " ").lower().split()))


def _write(out: Path, text: str, *, force: bool) -> None:
    """Writes the file whole; without ``force``, never over another one."""
    try:
        with out.open("w" if force else "x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise ProfileError(f"--out {out}: exists already; add --force") from error
    except OSError as error:
        raise RecordError(f"--out {out}: cannot write: {error.strerror}") from error
