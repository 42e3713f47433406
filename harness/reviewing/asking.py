"""Questions to a person at a terminal: what to look at, then an answer, or Enter for later.

All of it is on standard error, so that standard output stays for machines.
"""

from __future__ import annotations

import datetime
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from harness.errors import RequestError
from harness.proof.signing import Signer
from harness.reviewing import answers, attachments, attesting
from harness.reviewing.answers import Answer
from harness.reviewing.reviews import Asked
from harness.run import Run

_LATER = "later"


def refuse_without_terminal(flag: str) -> None:
    """Refuses to ask where nobody can answer.

    Raises:
        RequestError: Standard input is no terminal.
    """
    if not sys.stdin.isatty():
        raise RequestError(
            f"{flag}: standard input is no terminal; answer with 'assay attest RUN ID --answer ... "
            "--by NAME' or '--from answers.toml'"
        )


def ask_all(run: Run, asked: Sequence[Asked], signer: Signer | None = None) -> int:
    """Asks one after the other; each answer is recorded at once. Returns how many there were.

    Ctrl-C ends the asking and loses no answer that was given.
    """
    given = 0
    names: dict[str, str] = {}
    with attesting.giving(run, signer) as give:
        try:
            for number, one in enumerate(asked, 1):
                _show(one, f"{number} of {len(asked)}")
                while (answer := _answer(one, names)) is not None:
                    try:
                        give(one, answer)
                        given += 1
                        break
                    except RequestError as error:
                        click.echo(f"  {error}", err=True)
        except (click.Abort, KeyboardInterrupt):
            click.echo("\nStopped; what was answered is recorded.", err=True)
    return given


def plain(text: str) -> str:
    """Text from a record as a terminal may show it: control characters are made visible."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def _show(one: Asked, which: str) -> None:
    click.echo(
        f"\n{click.style(f'{one.scenario} ({which})', bold=True)}  {plain(one.title)}", err=True
    )
    for label, text in (
        ("Question", one.question.ask),
        ("Look", one.question.look),
        ("Attach", one.question.attach),
        ("Who", one.question.who),
    ):
        click.echo(f"  {label + ':':<10}{plain(text)}", err=True)


def _answer(one: Asked, names: dict[str, str]) -> Answer | None:
    """One answer; None for later. Names are offered again at the next question."""
    kinds = click.Choice(["yes", "no", "n/a", _LATER])
    while True:
        said = click.prompt("  Answer", default=_LATER, type=kinds, err=True)
        if said == _LATER:
            return None
        for key, label in (("by", "Your name"), ("role", "Role"), ("organisation", "Organisation")):
            names[key] = _text(label, names.get(key, ""))
        try:
            return answers.of(
                {
                    "scenario": one.scenario,
                    "answer": said,
                    **names,
                    "at": datetime.datetime.now(datetime.UTC),
                    "note": _text("Why it does not apply" if said == "n/a" else "What you saw", ""),
                    "attachments": _files(),
                },
                one.scenario,
            )
        except RequestError as error:
            click.echo(f"  {error}", err=True)


def _files() -> list[str]:
    named: list[str] = []
    while len(named) < attachments.MOST:
        name = _text("Attach a file (Enter for none)" if not named else "Another file", "")
        if not name:
            break
        if Path(name).is_file():
            named.append(name)
        else:
            click.echo(f"  {name!r}: no such file", err=True)
    return named


def _text(label: str, default: str) -> str:
    shown = bool(default)
    return str(click.prompt(f"  {label}", default=default, show_default=shown, err=True)).strip()
