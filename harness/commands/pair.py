"""``assay pair``: two devices with a person in the middle, or what they agree on without one."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from harness import profile as profiles
from harness import registry
from harness.baseline import NOTHING_EXPECTED
from harness.commands.run import play_and_report
from harness.devices import embedded_profile
from harness.errors import ProfileError
from harness.oracles.middle import in_words
from harness.pairing import is_pair, merge
from harness.profile import Profile
from harness.profile_toml import as_toml
from harness.run import Run, stored_record
from harness.session import Choice, choose

_HONEST = ("MIM-90*",)
_EVERYTHING = ("MIM-*",)

_EXAMPLES = """\b
Examples:
  assay pair scu.toml archive.toml             attack the line between the two
  assay pair scu.toml archive.toml --honest    only what the two agree on
  assay pair both.toml                         a profile that has both sides
  assay pair                                   the two sides of the reference device
"""


@click.command("pair", epilog=_EXAMPLES)
@click.argument("requestor", required=False, type=click.Path(path_type=Path))
@click.argument("acceptor", required=False, type=click.Path(path_type=Path))
@click.option("--honest", is_flag=True, help="Attack nothing: record and judge the pair.")
@click.option("--select", multiple=True, metavar="GLOB", help="Scenario ids; repeatable.")
@click.option("--out", type=click.Path(path_type=Path), help="Run folder (default: below runs/).")
@click.option("--seed", type=int, default=0, show_default=True, help="Seeds every play.")
@click.option("--json", "as_json", is_flag=True, help="Print run.json on stdout.")
def command(
    requestor: Path | None,
    acceptor: Path | None,
    honest: bool,
    select: tuple[str, ...],
    out: Path | None,
    seed: int,
    as_json: bool,
) -> int:
    """Have the device of REQUESTOR.toml call that of ACCEPTOR.toml, with us on the line."""
    wanted = select or (_HONEST if honest else _EVERYTHING)
    choice = Choice(select=wanted, seed=seed, out=out)
    choose(registry.load(), choice)  # a wrong pattern is refused before anything starts
    with tempfile.TemporaryDirectory(prefix="assay-pair-") as folder:
        profile = _profile(requestor, acceptor, Path(folder))
        run, code = play_and_report(profile, choice, NOTHING_EXPECTED, as_json=as_json)
    for line in agreements(run):
        click.echo(line, err=True)
    return code


def agreements(run: Run) -> list[str]:
    """What the two agreed on, one line for each honest play in which they met."""
    lines: list[str] = []
    for name in sorted(run.chosen):
        for play in run.chosen[name]:
            record = stored_record(run, name, play)
            pair = record.last("pair", "relay")
            if pair is not None:
                told = ", ".join(str(value) for value in record.case.values())
                lines.append(f"this pair{f' ({told})' if told else ''}: {in_words(pair)}")
    return list(dict.fromkeys(lines))


def _profile(requestor: Path | None, acceptor: Path | None, folder: Path) -> Profile:
    if requestor is None:
        return embedded_profile()
    first = profiles.load(requestor)
    if acceptor is not None:
        return _written(merge(first, profiles.load(acceptor)), folder)
    if not is_pair(first):
        raise ProfileError(
            f"{requestor}: is no pair: name a second profile whose device is called, or add "
            "acceptor.tls_port and [requestor] to this one"
        )
    return first


def _written(pair: Profile, folder: Path) -> Profile:
    """The pair as a file, so that the run keeps a copy of it and can be replayed."""
    path = folder / "pair.toml"
    path.write_text(as_toml(pair), "utf-8")
    return profiles.load(path)
